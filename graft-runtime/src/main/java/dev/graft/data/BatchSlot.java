package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Room for one batch, filled by many threads and used again and again. */
final class BatchSlot {
    private final PictureReader reader;
    private final int elements;
    private FloatBuffer pixels = FloatBuffer.allocate(0);
    private List<PictureItem> items = List.of();
    private int first;
    private @Nullable String[] reasons = {};
    private CountDownLatch missing = new CountDownLatch(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    BatchSlot(PictureReader reader) {
        this.reader = reader;
        this.elements = reader.geometry().elements();
    }

    /** Takes the next items, the first of which is number {@code first} of the pass. */
    void prepare(List<PictureItem> next, int first) {
        this.items = next;
        this.first = first;
        int needed = next.size() * elements;
        if (pixels.capacity() < needed) {
            pixels = ByteBuffer.allocateDirect(Math.multiplyExact(needed, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        reasons = new @Nullable String[next.size()];
        failure.set(null);
        missing = new CountDownLatch(next.size());
    }

    /** Reads one item into its place; on any thread, exactly once for each. */
    void fill(int index, boolean cancelled) {
        try {
            if (!cancelled) {
                PictureItem item = items.get(index);
                byte[] file = PictureFiles.read(item.picture().path());
                reader.read(file, item.view(), pixels.duplicate().position(index * elements));
            }
        } catch (UnreadablePictureException unreadable) {
            reasons[index] = unreadable.reason();
        } catch (Throwable unexpected) {
            failure.compareAndSet(null, unexpected);
        } finally {
            missing.countDown();
        }
    }

    void await() throws InterruptedException {
        missing.await();
    }

    /** What went wrong beyond an unreadable picture. */
    @Nullable Throwable failure() {
        return failure.get();
    }

    /** The batch, once all of it is there. Closes the gaps that unreadable pictures leave. */
    PictureBatch batch() {
        int[] indices = new int[items.size()];
        int[] labels = new int[items.size()];
        List<Skipped> skipped = new ArrayList<>();
        int kept = 0;
        for (int i = 0; i < items.size(); i++) {
            Picture picture = items.get(i).picture();
            String reason = reasons[i];
            if (reason != null) {
                skipped.add(new Skipped(picture.path(), reason));
                continue;
            }
            if (kept < i) {
                pixels.put(kept * elements, pixels, i * elements, elements);
            }
            indices[kept] = first + i;
            labels[kept++] = picture.label();
        }
        return new PictureBatch(
                Arrays.copyOf(indices, kept),
                pixels.slice(0, kept * elements),
                Arrays.copyOf(labels, kept),
                List.copyOf(skipped));
    }
}
