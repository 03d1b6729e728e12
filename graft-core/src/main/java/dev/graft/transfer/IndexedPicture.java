package dev.graft.transfer;

import dev.graft.Sha256;
import dev.graft.data.Picture;
import dev.graft.data.View;

/**
 * A picture that was read once and found sound.
 *
 * @param hash the SHA-256 of its bytes, in hex digits
 */
record IndexedPicture(Picture picture, String hash) {
    /** What the store calls the values of one view of this picture. */
    String key(View view, String augment) {
        return view.isPlain()
                ? hash
                : Sha256.of(hash, Integer.toString(view.number()), Long.toString(view.seed()), augment);
    }
}
