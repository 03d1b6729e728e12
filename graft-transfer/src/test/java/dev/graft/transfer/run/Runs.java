package dev.graft.transfer.run;

import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.GeneratedPictures;
import dev.graft.heads.Head;
import java.nio.file.Path;

/** Short runs on generated pictures with the real backbone at a small size. */
final class Runs {
    static final String CONVOLUTION = "backbone.features.12.0.weight";

    private Runs() {}

    /** Two classes of eight pictures, three epochs of the head, no fine-tuning, one thread; all below {@code work}. */
    static TransferSettings head(Path work) {
        Path folder = work.resolve("pictures");
        if (!folder.toFile().exists()) {
            GeneratedPictures.folder(folder, 2, 8);
        }
        return TransferSettings.of(folder)
                .base(new TransferSettings.Base("mobilenet_v3_small", null, 48))
                .head(trained(3, 1e-2))
                .fineTuning(FineTuning.none())
                .cache(new TransferSettings.Cache(work.resolve("cache"), true, 1 << 28))
                .batchSize(4)
                .views(1)
                .threads(1);
    }

    /** The same with two epochs of fine-tuning. */
    static TransferSettings fineTuned(Path work, String unfreeze) {
        return head(work).fineTuning(FineTuning.classic().epochs(2).unfreeze(unfreeze));
    }

    /** A linear head that gradients train. */
    static HeadSettings trained(int epochs, double learningRate) {
        return HeadSettings.standard()
                .head(new Head.TrainedLinear())
                .epochs(epochs)
                .learningRate(learningRate);
    }

    static String frozen(TransferResult result, String phase) {
        return result.phases().stream()
                .filter(one -> one.name().equals(phase))
                .findFirst()
                .orElseThrow()
                .frozen();
    }

    static TransferSettings uncached(TransferSettings settings) {
        return settings.cache(new TransferSettings.Cache(settings.cache().folder(), false, 0));
    }

    static TransferResult run(TransferSettings settings) {
        return TransferRun.run(settings, event -> {}, () -> false);
    }
}
