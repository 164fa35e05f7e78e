/** The page: its elements define themselves. */
import '/apps/header/header.js';
import '/apps/board/board.js';
import '/apps/chat/chat.js';
import '/apps/feed/feed.js';
