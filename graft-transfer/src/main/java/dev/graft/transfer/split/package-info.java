/** Which pictures are learnt from, validated and tested on: parts that share no picture, copy or origin. */
@NullMarked
package dev.graft.transfer.split;

import org.jspecify.annotations.NullMarked;
