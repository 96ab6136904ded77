/**
 * Every bound of the protocol, with its unit and its reason. `docs/LIMITS.md` lists them; a test
 * compares the two.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
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
	/** Wrap blocks of one epoch; with 128 wraps each more than `members` will ever need. */
	wrapBlocks: 8,
	/** List keys of nearest epoch ancestors in one epoch body. */
	listKeys: 32,
	/** Levels of lists and maps in one object; ours have some ten. Else the stack decided (protocol §2). */
	depth: 64,

	// text and mail
	/** Display name and aliases, bytes in UTF-8. */
	nameBytes: 64,
	/** Further names on a card (protocol §2). */
	aliases: 2,
	/** RFC 5322 §2.1.1 bounds a line to 998; a subject is one line. */
	subjectBytes: 998,
	/** Introduction to a stranger (protocol §6.3). */
	introductionBytes: 280,
	/** Text and HTML of one message inside its sealed body. */
	contentBytes: 100 * KIB,
	/** Attachments of one message; their list stands in the body. */
	attachments: 64,
	/** What file systems take. */
	fileNameBytes: 255,
	/** RFC 6838 §4.2 bounds a type and a subtype to 127 each; one that long is no media type. */
	mediaTypeBytes: 127,
	/** One attachment: 64 GiB, 2¹⁸ chunks. */
	fileBytes: 64 * 1024 * MIB,
	/** Chunk of an attachment before sealing; with the 16-byte tag it stays under a block. */
	chunkBytes: 256 * KIB - 16,
	/** CIDs in one manifest node: 36 bytes each, so a node stays under a block. */
	manifestFanout: 4096,
	/** Levels of a manifest tree; two hold 64 GiB. */
	manifestDepth: 3,
	/** Other messages that one names (In-Reply-To, References). */
	references: 32,
	/** Post offices on a card (protocol §2). */
	postOffices: 3,
	/** Base URL of a post office; three of them must fit into a card. */
	urlBytes: 120,
	/** Revoked card keys in one root record; older ones by CID (protocol §2). */
	revokedKeys: 2,
	/** A proof's file: all that a body can hold, a card and the root records. */
	proofBytes: 144 * KIB,
	/** Root records in a proof besides the one that signed: its writer was robbed that often. */
	proofRecords: 8,

	// envelopes, exact sizes
	/** A notice, exactly, so that its size says nothing (protocol §6.3). */
	noticeBytes: 4096,
	/** A receipt, exactly (protocol §6.5). */
	receiptBytes: 1536,
	/** Heads in a notice; the rest follows from their ancestors. */
	noticeHeads: 4,
	/** Base URLs in a notice where the entries are to be had. */
	noticeHolders: 2,
	/** Messages of which one notice says that they have ended: as much as an introduction takes. */
	noticeEnded: 8,
	/** Heads in a receipt. */
	receiptHeads: 4,
	/** An invite link: what a QR code of about 65 modules holds (protocol §2). */
	inviteCharacters: 300,
	/** Entries before a letter that a link opens, itself included: an epoch and the letter, with room. */
	letterEntries: 16,
	/** Days for which a letter link is made at most: shorter than whatever would seal it again. */
	letterDays: 30,
	/** A file of a letter that is opened in memory, before there is a place to store it. */
	letterFileBytes: 256 * MIB,
	/** An invite token: 128 bits, not to be guessed. */
	tokenBytes: 16,

	// parcels
	/** The sealed head of a parcel, exactly: a root record, a card and a key. */
	parcelHeadBytes: 3200,
	/** Notices in one parcel, one for each thread; a frame holds them. The rest goes into the next. */
	parcelLetters: 128,
	/** Receipts in one parcel: the newest. */
	parcelWords: 256,
	/** Entries of a stranger's parcel that wait for the user's yes; longer ones are brought again. */
	parcelRequestBytes: MIB,
	/** Bytes of a parcel in one QR code: 105 modules a side, which a telephone reads off a screen. */
	parcelCodeBytes: 900,
	/** QR codes of one parcel: as many as somebody holds a camera at a screen for. */
	parcelCodes: 16,

	// sync
	/** One frame on the peer stream: a batch of entries or one block, with room for its head. */
	frameBytes: 512 * KIB,
	/** Entries in one batch, one storage transaction; of headers alone, several that wait become one. */
	batchEntries: 256,
	/** Bytes of one such batch: under a frame. */
	batchBytes: 384 * KIB,
	/** Bytes a peer may send before we grant more: a quarter of the 4 MiB at which streams reset. */
	creditBytes: MIB,
	/** The same of a peer that we fetch blocks from: what a fast line carries while a grant travels. */
	fetchCreditBytes: 4 * MIB,
	/** Items below which a range is answered by a flat list (protocol §5). */
	flatRangeItems: 256,
	/** Ranges in one message of reconciliation. */
	rangesPerFrame: 256,
	/** Unanswered parents that we remember for one thread before refusing more. */
	pendingEntries: 1024,
	/** Entries of threads that are new here and not readable yet: held in memory until they are. */
	newcomerBytes: 64 * MIB,
	/** New entries that one member may bring into one thread: 18 a day for ten years. */
	entriesFromMember: 65_536,
	/** Bytes of these, without files. */
	bytesFromMember: 2 * GIB,
	/** A notice waits this long for texts that a member promised: one that never gives them is no lock. */
	promisedMs: DAY,
	/** Entries of a thread of which is remembered that a member has their headers alone. */
	withheldEntries: 1024,
	/** A peer that has not proved itself by then is cut off (protocol §5). */
	proofMs: 5 * SECOND,

	// post office
	/** Headers of others' entries that go to the own office with a message that stands on them. */
	othersEntries: 256,
	/** Blocks in one HTTP request. */
	blocksPerRequest: 64,
	/** Body of one HTTP request: what an office holds in memory for one client. */
	blocksRequestBytes: 8 * MIB,
	/** Ancestors in one answer; the asker goes on with a larger `have`. */
	ancestorsPerAnswer: 512,
	/** Heads by which an asker says what it has. */
	haveHeads: 256,
	/** A signed request is fresh for this long, both ways. */
	requestAgeMs: 5 * MINUTE,
	/** Notices in one slot; a full slot refuses and never evicts (protocol §6.3). */
	slotNotices: 256,
	/** Notices without a pass in a public slot: strangers cannot crowd out the invited. */
	publicSlotNotices: 64,
	/** Slots of one address: a contact or a thread each. */
	slotsPerAddress: 10_000,
	/** Notices an office takes from one network address in a minute. */
	noticesPerMinute: 120,
	/** Cards that one network address may publish in an hour. */
	cardsPerHour: 60,
	/** Live invite tokens of one address. */
	inviteTokensPerAddress: 1000,
	/** How long one stream of events stays open: under the minute at which proxies cut. */
	listenMs: 55 * SECOND,
	/** How long an office keeps what nobody confirmed (protocol §6.5). */
	unconfirmedMs: 180 * DAY,
	/** How long a writer leaves at its office what all have confirmed, for who joins; less if it is full. */
	confirmedMs: 30 * DAY,
	/** Bytes that an office keeps for one address, unless its terms say otherwise. */
	quotaBytes: 4 * GIB,
	/** Pause before an office knocks again (protocol §6.4). */
	repeatMs: HOUR,
	/** The longest such pause. */
	repeatMaxMs: 6 * HOUR,

	// time
	/** A received clock further ahead is not merged into ours (protocol §4). */
	clockAheadMs: 5 * MINUTE,
	/** A writer makes a new epoch when the last is older (protocol §4). */
	epochAgeMs: 10 * DAY,
	/** An epoch secret is destroyed after this time (protocol §4). */
	epochSecretMs: 50 * DAY,
	/** An awake device publishes a new prekey when the last is older (protocol §2). */
	prekeyAgeMs: 10 * DAY,
	/** A private prekey is destroyed this long after its successor was published (protocol §2). */
	prekeyKeptMs: 30 * DAY,
	/** How long an invite lets people in. */
	inviteAgeMs: 90 * DAY,
	/** The last end date of a message: the end of the year 9999, beyond which dates have other forms. */
	endMs: Date.UTC(9999, 11, 31, 23, 59, 59, 999)
} as const;
