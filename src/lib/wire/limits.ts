/**
 * Every bound of the protocol, with its unit and its reason. `docs/LIMITS.md` lists them; a test
 * compares the two.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const LIMITS = {
	// objects
	/** Payload of one block: small enough to verify in a few ms, the size that Bitswap expects. */
	blockBytes: 256 * KIB,
	/** An entry's header: 32 parents, or an epoch with 8 wrap blocks, with room. */
	headerBytes: 16 * KIB,
	/** A sealed body; larger content is sealed like an attachment (protocol §4). */
	bodyBytes: 128 * KIB,
	/** A root record with two revoked keys; with the card it must fit into a notice. */
	rootRecordBytes: 512,
	/** A card with three post offices. */
	cardBytes: 1280,
	/** Root record, card and X-Wing key as a directory takes them. */
	bundleBytes: 8 * KIB,
	/** Parents of an entry: what a busy thread of 100 members can fork into between two syncs. */
	parents: 32,
	/** Members of a thread: their cards must fit into one epoch body of 128 KiB. */
	members: 64,
	/** Devices of one member that an epoch lists. */
	devices: 8,
	/** Wraps in one wrap block (protocol §4). */
	wrapsPerBlock: 128,
	wrapBlocks: 8,
	/** List keys of nearest epoch ancestors in one epoch body. */
	listKeys: 32,

	// text and mail
	/** Display name and aliases, bytes in UTF-8. */
	nameBytes: 64,
	aliases: 2,
	/** RFC 5322 §2.1.1 bounds a line to 998; a subject is one line. */
	subjectBytes: 998,
	/** Introduction to a stranger (protocol §6.3). */
	introductionBytes: 280,
	/** Text and HTML of one message inside its sealed body. */
	contentBytes: 100 * KIB,
	/** Attachments of one message; their list stands in the body. */
	attachments: 64,
	fileNameBytes: 255,
	mediaTypeBytes: 127,
	/** One attachment: 64 GiB, 2¹⁸ chunks. */
	fileBytes: 64 * 1024 * MIB,
	/** Chunk of an attachment before sealing; with the 16-byte tag it stays under a block. */
	chunkBytes: 256 * KIB - 16,
	/** CIDs in one manifest node: 36 bytes each, so a node stays under a block. */
	manifestFanout: 4096,
	manifestDepth: 3,
	/** Other messages that one names (In-Reply-To, References). */
	references: 32,
	postOffices: 3,
	urlBytes: 120,
	revokedKeys: 2,

	// envelopes, exact sizes
	noticeBytes: 4096,
	receiptBytes: 1536,
	noticeHeads: 4,
	noticeHolders: 2,
	receiptHeads: 4,
	inviteCharacters: 300,
	tokenBytes: 16,

	// sync
	/** One frame on the peer stream: a batch of entries or one block, with room for its head. */
	frameBytes: 512 * KIB,
	/** Entries in one batch, one storage transaction. */
	batchEntries: 256,
	batchBytes: 384 * KIB,
	/** Bytes a peer may send before we grant more: a quarter of the 4 MiB at which streams reset. */
	creditBytes: MIB,
	/** Items below which a range is answered by a flat list (protocol §5). */
	flatRangeItems: 256,
	rangesPerFrame: 256,
	/** Unanswered parents that we remember for one thread before refusing more. */
	pendingEntries: 1024,
	proofMs: 5 * SECOND,

	// post office
	blocksPerRequest: 64,
	blocksRequestBytes: 8 * MIB,
	/** Ancestors in one answer; the asker goes on with a larger `have`. */
	ancestorsPerAnswer: 512,
	haveHeads: 256,
	/** A signed request is fresh for this long, both ways. */
	requestAgeMs: 5 * MINUTE,
	slotNotices: 256,
	publicSlotNotices: 64,
	slotsPerAddress: 10_000,
	/** Notices an office takes from one network address in a minute. */
	noticesPerMinute: 120,
	cardsPerHour: 60,
	inviteTokensPerAddress: 1000,
	listenMs: 55 * SECOND,
	/** How long an office keeps what nobody confirmed (protocol §6.5). */
	unconfirmedMs: 180 * DAY,
	quotaBytes: 500 * MIB,
	repeatMs: HOUR,
	repeatMaxMs: 6 * HOUR,

	// time
	/** A received clock further ahead is not merged into ours (protocol §4). */
	clockAheadMs: 5 * MINUTE,
	epochAgeMs: 10 * DAY,
	epochSecretMs: 50 * DAY,
	prekeyAgeMs: 10 * DAY,
	prekeyKeptMs: 30 * DAY,
	inviteAgeMs: 90 * DAY
} as const;
