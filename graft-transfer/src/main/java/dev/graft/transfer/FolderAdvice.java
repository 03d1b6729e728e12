package dev.graft.transfer;

import dev.graft.Preload;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSizes;
import dev.graft.data.Skipped;
import dev.graft.torch.Torch;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a folder of pictures before anything is trained on it: what the pictures are, what to do with them, which
 * backbones there are for it and what it takes on this machine.
 *
 * @param settings with everything decided that was left open, and without a cache where that keeps nothing more
 * @param plan what a run with them does, with the {@link Advice}
 * @param counts sound pictures of each class, in all parts
 * @param sizes how large they are
 * @param skipped pictures that cannot be read
 * @param cached whether the first look came from the cache as a whole, and will in a run
 * @param trial what was measured
 * @param cost what a run takes by that
 * @param budgets backbones, the lightest first; none where the network is of an ONNX file
 */
public record FolderAdvice(
        TransferSettings settings,
        TransferPlan plan,
        List<Integer> counts,
        PictureSizes sizes,
        List<Skipped> skipped,
        boolean cached,
        Trial trial,
        RunCost cost,
        List<Budget> budgets) {
    /** How many headers are read. */
    private static final int MEASURED = 1000;
    /** How many times the smallest class the largest may be before balancing is advised. */
    private static final int UNBALANCED = 3;

    public FolderAdvice {
        counts = List.copyOf(counts);
        skipped = List.copyOf(skipped);
        budgets = List.copyOf(budgets);
    }

    /**
     * Looks at the pictures once, as a run does, and tries it for some seconds.
     *
     * @param listener is told of the pass over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static FolderAdvice of(TransferSettings settings, Consumer<TransferEvent> listener) {
        Preload.start(PictureReader::load, Torch::load);
        try (Workers workers = new Workers(settings.threads())) {
            AtomicBoolean lost = new AtomicBoolean();
            Consumer<TransferEvent> watched = event -> {
                lost.compareAndSet(false, event instanceof TransferEvent.CacheLost);
                listener.accept(event);
            };
            Planning planning = Planning.of(settings, workers, watched, () -> false);
            List<Picture> pictures =
                    planning.parts().stream().flatMap(List::stream).toList();
            int[] counts = new int[planning.plan().classes().size()];
            pictures.forEach(picture -> counts[picture.label()]++);
            Trial trial = TrialSteps.of(planning, workers);
            TransferSettings decided = lost.get() ? withoutCache(planning.settings()) : planning.settings();
            return new FolderAdvice(
                    decided,
                    planning.plan(),
                    IntStream.of(counts).boxed().toList(),
                    PictureSizes.of(pictures, MEASURED),
                    planning.extraction().skipped(),
                    planning.extraction().cacheUse().misses() == 0,
                    trial,
                    RunCost.of(trial, planning.plan(), decided),
                    planning.extractor().onnx() == null ? Budget.ofZoo() : List.of());
        }
    }

    private static TransferSettings withoutCache(TransferSettings settings) {
        TransferSettings.Cache cache = settings.cache();
        return settings.cache(new TransferSettings.Cache(cache.folder(), false, cache.capBytes()));
    }

    /** The class with the fewest pictures. */
    public int smallest() {
        return IntStream.range(0, counts.size())
                .reduce((one, other) -> counts.get(other) < counts.get(one) ? other : one)
                .orElseThrow();
    }

    /** The class with the most pictures. */
    public int largest() {
        return IntStream.range(0, counts.size())
                .reduce((one, other) -> counts.get(other) > counts.get(one) ? other : one)
                .orElseThrow();
    }

    /**
     * Whether classes differ so much in size that {@link Balance#WEIGHTS} is advised, where nothing else was asked for and
     * something looks at weights.
     */
    public boolean isUnbalanced() {
        return isUnbalanced(counts.get(smallest()), counts.get(largest()))
                && settings.data().balance() == Balance.NONE
                && !WithoutEffect.ignoresWeights(plan.head().head(), plan.tuning());
    }

    static boolean isUnbalanced(int smallest, int largest) {
        return largest > UNBALANCED * smallest;
    }

    /** The strategy of the plan, which is that of the {@link Advice} unless the settings say otherwise. */
    public Recipe recipe() {
        if (plan.tuning().isEmpty()) {
            return Recipe.HEAD;
        }
        boolean asked = settings.recipe() != Recipe.AUTO && settings.recipe() != Recipe.HEAD;
        Recipe advised = plan.advice().recipe() == Recipe.FULL ? Recipe.FULL : Recipe.LAST;
        return asked ? settings.recipe() : advised;
    }

    /** From where the backbone trains, as {@code --unfreeze} takes it; null where it does not. */
    public @Nullable String unfreeze() {
        return plan.tuning().isEmpty() ? null : settings.fineTuning().unfreeze();
    }
}
