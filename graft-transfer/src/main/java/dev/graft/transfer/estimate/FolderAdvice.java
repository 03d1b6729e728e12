package dev.graft.transfer.estimate;

import dev.graft.Preload;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSizes;
import dev.graft.data.Skipped;
import dev.graft.torch.Torch;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.plan.Advice;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.TransferPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
        ResolvedSettings settings,
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
        AtomicBoolean lost = new AtomicBoolean();
        Consumer<TransferEvent> watched = event -> {
            lost.compareAndSet(false, event instanceof TransferEvent.CacheLost);
            listener.accept(event);
        };
        try (RunContext context = RunContext.open(settings.get(RunSettings.THREADS), watched, () -> false)) {
            PreparedRun prepared = PreparedRun.of(settings, context);
            List<Picture> pictures =
                    prepared.parts().stream().flatMap(List::stream).toList();
            int[] counts = new int[prepared.plan().classes().size()];
            pictures.forEach(picture -> counts[picture.label()]++);
            Trial trial = TrialSteps.of(prepared, context);
            ResolvedSettings decided = lost.get() ? prepared.settings().uncached() : prepared.settings();
            return new FolderAdvice(
                    decided,
                    prepared.plan(),
                    IntStream.of(counts).boxed().toList(),
                    PictureSizes.of(pictures, MEASURED),
                    prepared.extraction().skipped(),
                    prepared.extraction().cacheUse().misses() == 0,
                    trial,
                    RunCost.of(trial, prepared.plan(), decided),
                    prepared.extractor().onnx() == null ? Budget.ofZoo() : List.of());
        }
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
                && settings.get(DataSettings.BALANCE) == Balance.NONE
                && !plan.ignoresWeights(settings.head());
    }

    static boolean isUnbalanced(int smallest, int largest) {
        return largest > UNBALANCED * smallest;
    }

    /** The strategy of the plan, which is that of the {@link Advice} unless the settings say otherwise. */
    public Recipe recipe() {
        if (plan.tuning().isEmpty()) {
            return Recipe.HEAD;
        }
        Recipe chosen = settings.get(RunSettings.RECIPE);
        boolean asked = chosen != Recipe.AUTO && chosen != Recipe.HEAD;
        Recipe advised = plan.advice().recipe() == Recipe.FULL ? Recipe.FULL : Recipe.LAST;
        return asked ? chosen : advised;
    }

    /** From where the backbone trains; empty where it does not. */
    public Optional<Unfreezing> unfreeze() {
        return plan.tuning().isEmpty() ? Optional.empty() : Optional.of(settings.get(TuningSettings.UNFREEZE));
    }
}
