package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a script speaks of is loaded before it begins. */
class MentionsTest {
    @Test
    void coreModulesAndGlobalsAreFoundOnce() {
        assertThat(Mentions.modules("""
                import { EventEmitter } from 'node:events';
                import "fs/promises";
                const weir = require( 'weir' ), own = require('./events'), other = require('lodash');
                const util = await import(`util`);
                setTimeout(() => console.log(Buffer.from('x')), 1);
                require('weir');
                """))
                .containsExactly("timers", "console", "buffer", "events", "fs/promises", "weir", "util");
        assertThat(Mentions.modules("module.exports = 1;")).isEmpty();
    }
}
