package dev.graft.transfer.features;

import dev.graft.GraftException;
import dev.graft.Sha256;
import dev.graft.data.Picture;
import dev.graft.data.Skipped;
import dev.graft.data.View;
import org.jspecify.annotations.Nullable;

/**
 * A picture that was read once and found sound.
 *
 * @param hash the SHA-256 of its bytes, in hex digits
 */
public record IndexedPicture(Picture picture, String hash) {
    /** What the store calls the values of one view of this picture. */
    public String key(View view, String augment) {
        return view.isPlain()
                ? hash
                : Sha256.of(hash, Integer.toString(view.number()), Long.toString(view.seed()), augment);
    }

    /** What a user is told of a picture that cannot be read any more. */
    public static GraftException changed(Skipped picture, @Nullable Throwable cause) {
        return new GraftException(
                picture.path() + ": changed while training, now " + picture.reason()
                        + "; leave the pictures alone until the run ends",
                cause);
    }
}
