package dev.graft.transfer.plan;

import dev.graft.GraftException;
import dev.graft.Message;
import dev.graft.Stopwatch;
import dev.graft.data.Picture;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.split.DataSplit;
import dev.graft.transfer.split.GivenPictures;
import dev.graft.transfer.split.ReadablePictures;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run works out before it trains: what the pictures are, their parts, the network, the phases.
 *
 * @param settings with everything decided that was left open
 * @param network with a fresh head; nothing trains yet
 * @param begun when that began, for the time that the run takes
 */
public record PreparedRun(
        ResolvedSettings settings,
        FeatureExtraction extraction,
        FeatureExtractor extractor,
        DataSplit split,
        TransferNetwork network,
        TransferPlan plan,
        Stopwatch begun) {
    /**
     * Looks at the pictures, takes advice and plans.
     *
     * @throws GraftException if the pictures, the settings or the machine do not allow the run
     */
    public static PreparedRun of(TransferSettings asked, RunContext context) {
        Stopwatch begun = Stopwatch.start();
        GivenPictures given = GivenPictures.read(asked);
        if (asked.get(BackboneSettings.BACKBONE) instanceof PreviousModel old) {
            old.requireClasses(asked.folder(), given.classes());
        }
        FeatureExtractor extractor =
                FeatureExtractor.of(asked, note -> context.tell(new TransferEvent.Noted(new Message(note))));
        SettingsResolver.tryOut(asked, extractor, given.classes().size());
        FeatureExtraction extraction = FeatureExtraction.of(extractor, given.pictures(), asked, context);
        if (context.isStopped()) {
            throw new GraftException(stopped(asked));
        }
        if (!extraction.skipped().isEmpty()) {
            context.tell(new TransferEvent.PicturesSkipped(List.copyOf(extraction.skipped())));
        }
        List<String> remarks = new ArrayList<>(given.remarks());
        remarks.addAll(ReadablePictures.check(given, extraction, asked));
        DataSplit split = DataSplit.of(given, extraction, asked, context);
        Advice advice = new Advisor(extractor, extraction, split.splits(), asked).advise();
        ResolvedSettings settings = SettingsResolver.of(asked, advice, extractor, split, extraction.holdsFeatures());
        Planner planner = new Planner(settings, extractor, split, advice);
        TransferPlan plan = planner.plan(given, remarks);
        return new PreparedRun(settings, extraction, extractor, split, planner.network(), plan, begun);
    }

    /** What a run says that was asked to stop before there was anything to save. */
    public static String stopped(TransferSettings settings) {
        return "stopped before training began; nothing was saved"
                + (settings.get(RunSettings.NO_CACHE) ? "" : ", the next run goes on from what is cached");
    }

    /** The same without what comes after the head. */
    public PreparedRun headOnly() {
        return new PreparedRun(settings, extraction, extractor, split, network, plan.headOnly(), begun);
    }

    /**
     * The network as fine-tuning takes it: with batch normalisation whose statistics move, where the settings say so.
     *
     * @param headed with the weights that it is to have
     */
    public TransferNetwork tunable(TransferNetwork headed) {
        return settings.get(TuningSettings.BATCH_NORM) == BatchNormPolicy.MOVING
                ? extractor.withHead(
                        Planner.layer(settings, extractor, split.splits().train()),
                        headed.network().weights(),
                        true,
                        settings.get(RunSettings.SEED))
                : headed;
    }

    /** The pictures to train on, to validate on and, where there are some, to test on. */
    public List<List<Picture>> parts() {
        return split.parts();
    }
}
