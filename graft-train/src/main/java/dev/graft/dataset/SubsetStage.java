package dev.graft.dataset;

import dev.graft.data.Skipped;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Some of the examples. */
final class SubsetStage extends DatasetStage.Over {
    private final int[] indices;

    SubsetStage(DatasetStage base, int... indices) {
        super(base);
        this.indices = indices;
    }

    static SubsetStage range(DatasetStage base, int from, int to) {
        return new SubsetStage(base, IntStream.range(from, to).toArray());
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Example get(int index, int epoch) {
        return base.get(indices[index], epoch);
    }

    @Override
    public void put(int index, int epoch, int row, BatchBuffers batch) {
        base.put(indices[index], epoch, row, batch);
    }

    @Override
    public String name(int index, int epoch) {
        return base.name(indices[index], epoch);
    }

    @Override
    public int label(int index) {
        return base.label(indices[index]);
    }

    @Override
    public @Nullable Path path(int index) {
        return base.path(indices[index]);
    }

    @Override
    public @Nullable Skipped check(int index) {
        return base.check(indices[index]);
    }

    @Override
    public @Nullable DatasetStage withPictures(Function<PictureSource, @Nullable PictureSource> change) {
        DatasetStage changed = base.withPictures(change);
        return changed == null ? null : new SubsetStage(changed, indices);
    }

    @Override
    public void identify(Fingerprint print) {
        super.identify(print);
        Arrays.stream(indices).forEach(print::add);
    }
}
