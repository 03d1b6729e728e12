/** What is wrong with a folder of pictures. */
@NullMarked
package dev.graft.transfer.audit;

import org.jspecify.annotations.NullMarked;
