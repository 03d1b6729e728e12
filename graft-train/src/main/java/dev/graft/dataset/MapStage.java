package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.tensor.HostTensor;
import java.nio.ReadOnlyBufferException;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Examples after a function. */
final class MapStage extends DatasetStage.Over {
    /** What a function leaves as it is. */
    enum Kept {
        NOTHING,
        CLASS,
        /** The class and the inputs: the function makes another target or weight. */
        INPUTS
    }

    private final String operation;
    private final RandomFunction<Example> function;
    private final long seed;
    private final Kept kept;

    /**
     * Examples after a function.
     *
     * @param operation named in messages
     */
    MapStage(DatasetStage base, String operation, RandomFunction<Example> function, long seed, Kept kept) {
        super(base);
        this.operation = operation;
        this.function = function;
        this.seed = seed;
        this.kept = kept;
    }

    /** Each input by itself, all of an example with the same random numbers. */
    static MapStage ofInputs(DatasetStage base, RandomFunction<HostTensor> function, long seed) {
        RandomFunction<Example> mapped = (example, random) -> {
            long drawn = random.nextLong();
            return example.withInputs(example.inputs().stream()
                    .map(input -> function.apply(input, new SplittableRandom(drawn)))
                    .toList());
        };
        return new MapStage(base, "mapInputs", mapped, seed, Kept.CLASS);
    }

    @Override
    public Example get(int index, int epoch) {
        Example example = base.get(index, epoch);
        SplittableRandom random = Seeds.random(seed, base.maps(), epoch, index);
        @Nullable Example mapped;
        try {
            mapped = function.apply(example, random);
        } catch (GraftException told) {
            throw new GraftException(name(index, epoch) + ": " + told.getMessage(), told);
        } catch (ReadOnlyBufferException written) {
            throw new IllegalStateException(
                    name(index, epoch) + ": the function given to " + operation
                            + " writes into the tensor it got, which is kept for later; let it give a new one",
                    written);
        } catch (RuntimeException failure) {
            throw new IllegalStateException(name(index, epoch) + ": " + operation + " failed: " + failure, failure);
        }
        if (mapped == null) {
            throw new IllegalStateException(name(index, epoch) + ": the function given to " + operation + " gave null");
        }
        return mapped;
    }

    @Override
    public int label(int index) {
        return kept == Kept.NOTHING ? UNKNOWN : base.label(index);
    }

    @Override
    public @Nullable DatasetStage withPictures(Function<PictureSource, @Nullable PictureSource> change) {
        DatasetStage changed = kept == Kept.INPUTS ? base.withPictures(change) : null;
        return changed == null ? null : new MapStage(changed, operation, function, seed, kept);
    }

    @Override
    public int maps() {
        return base.maps() + 1;
    }

    @Override
    public void identify(Fingerprint print) {
        base.identify(print);
        print.add(operation);
        print.add(seed);
    }
}
