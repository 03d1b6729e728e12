package dev.graft.encoder;

import dev.graft.Workers;
import dev.graft.data.PictureFiles;
import dev.graft.data.UnreadablePictureException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over picture files, as many at once as there are workers: each is read once and looked at. One that cannot be read
 * takes its place in the result with the reason, and stops nothing.
 */
public final class ImagePass {
    private final Workers workers;
    private IntConsumer progress = done -> {};
    private BooleanSupplier stop = () -> false;

    private ImagePass(Workers workers) {
        this.workers = workers;
    }

    /** What is made of a picture; called by several threads at once. */
    public interface Look<T> {
        /**
         * Looks at a picture.
         *
         * @param index of it in the list
         * @param file its bytes
         */
        T at(int index, byte[] file) throws UnreadablePictureException;
    }

    /**
     * What came of a file.
     *
     * @param value what was made of it; null where it cannot be read, or was not come to before a stop
     * @param unreadable why it cannot be read, else null
     */
    public record Seen<T>(@Nullable T value, @Nullable String unreadable) {}

    public static ImagePass by(Workers workers) {
        return new ImagePass(workers);
    }

    /** @param listener is told how many files are done, one call at a time */
    public ImagePass progress(IntConsumer listener) {
        progress = listener;
        return this;
    }

    /** @param asked now and then whether to leave out the rest */
    public ImagePass stopWhen(BooleanSupplier asked) {
        stop = asked;
        return this;
    }

    /**
     * Goes over files.
     *
     * @return one entry a file, in order
     */
    public <T> List<Seen<T>> over(List<Path> files, Look<T> look) {
        List<Seen<T>> seen = new ArrayList<>();
        files.forEach(file -> seen.add(new Seen<>(null, null)));
        AtomicInteger done = new AtomicInteger();
        workers.forEach(files.size(), i -> {
            if (stop.getAsBoolean()) {
                return;
            }
            // Each thread sets other places of the list, which is never made longer here.
            try {
                seen.set(i, new Seen<>(look.at(i, PictureFiles.read(files.get(i))), null));
            } catch (UnreadablePictureException e) {
                seen.set(i, new Seen<>(null, e.reason()));
            }
            synchronized (done) {
                progress.accept(done.incrementAndGet());
            }
        });
        return seen;
    }
}
