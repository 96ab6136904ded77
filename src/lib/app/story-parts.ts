/** Loaded as one piece, by `story.ts` alone. */

export { createSuite } from '../crypto/choose.ts';
export { parsePhrase, phraseToWords, PHRASE_WORDS } from '../identity/phrase.ts';
export { setAlias, setBookName, setPhoto } from '../mailbox/address-book.ts';
export { changeMembers, createGroup, GROUPS, removeGroup, renameGroup } from '../mailbox/groups.ts';
export { mergeEntries, splitEntry } from '../mailbox/merging.ts';
export { addOrdinary, removeOrdinary } from '../mailbox/ordinary-people.ts';
export { conversationsWith } from '../mailbox/shared-with.ts';
export { discardDrafts } from '../mailbox/discarding.ts';
export { goneFrom, newDraft } from '../mailbox/drafts.ts';
export { fileThreads } from '../mailbox/filing.ts';
export { leaveBlocks } from '../mailbox/leftovers.ts';
export { deleteForever, moveThreads, setRead } from '../mailbox/places.ts';
export { changeOwn, readOwn } from '../mailbox/own-list.ts';
export { fitSignature, SIGNATURE } from '../mailbox/signature.ts';
export { removeTemplate, saveTemplate, TEMPLATES } from '../mailbox/templates.ts';
export { WRITING } from '../mailbox/writing.ts';
export { applyRule, findMatches, isRule, RULES } from '../mailbox/rules.ts';
export { confirmWords, createAccount, renameAccount } from '../post/account.ts';
export { setTier } from '../post/contacts.ts';
export { acknowledge, takeBack } from '../post/held.ts';
export { acceptInvite, standingInvite } from '../post/invite.ts';
export { revokeLetter } from '../post/letter-closing.ts';
export { letterLink } from '../post/letters.ts';
export { leaveThread, removeFromThread } from '../post/membership.ts';
export { makeProof } from '../post/proof.ts';
export {
	acceptRequest,
	blockAddress,
	blockRequest,
	ignoreRequest,
	restoreRequest
} from '../post/requests.ts';
export { textsIn } from '../post/texts.ts';
export { withdraw } from '../post/withdraw.ts';
export { parseInvite } from '../wire/invite.ts';
export { attachmentSource, bringAttachment, openAttachment } from './attachment.ts';
export { chooseOffice, readRelays } from './config.ts';
export { layDesk } from './desk.ts';
export { FactsChannel } from './facts-channel.ts';
export { FilesWith } from './files-with.svelte.ts';
export { FileLinks } from './file-links.ts';
export { blocksOf, OpenDraft } from './open-draft.svelte.ts';
export { toFilingChange } from './filing-change.ts';
export { heedNotifications } from './heeding.ts';
export { tendAll } from './listing-duty.ts';
export { OpenNotes } from './open-notes.svelte.ts';
export { OpenThread } from './open-thread.svelte.ts';
export { openOwnAccount } from './own-account.ts';
export { ParcelDesk } from './parcels.ts';
export { checkDraft, postDraft, postHeld } from './posting.ts';
export { ProofChecker, recordsOf } from './proofs.ts';
export { saveAttachment } from './saving.ts';
export { takeShared } from './shared.ts';
export { LetterReader } from './letter-reader.ts';
export { linkWorker } from './worker-link.ts';
