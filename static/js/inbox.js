// Behaviours of a conversation's page, so that all others stay light.
import bind from "./bind.js";
import replyDraft from "./reply-draft.js";
import savedReply from "./saved-reply.js";
import sendKey from "./send-key.js";
import undo from "./undo.js";

bind({ "reply-draft": replyDraft, "saved-reply": savedReply, "send-key": sendKey, undo });
