/** One file a family of networks: the architecture and nothing else; what is known about weights stands beside it. */
@NullMarked
package dev.graft.zoo;

import org.jspecify.annotations.NullMarked;
