/**
 * Files fetched once into Graft's home: resumed where they were cut off, checked against what their publisher says of
 * them, there in whole or not at all.
 */
@NullMarked
package dev.graft.download;

import org.jspecify.annotations.NullMarked;
