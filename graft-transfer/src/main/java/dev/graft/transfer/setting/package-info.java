/**
 * What a setting is: its key, its default or what decides it, what it takes and within which bounds. Whatever shows settings
 * to people, the command line, JSON, a page, is derived from that.
 */
@NullMarked
package dev.graft.transfer.setting;

import org.jspecify.annotations.NullMarked;
