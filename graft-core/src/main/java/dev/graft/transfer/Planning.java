package dev.graft.transfer;

import dev.graft.audit.DataCare;
import dev.graft.data.ImageFolder;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.model.Network;
import dev.graft.train.Phase;
import dev.graft.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run works out before it begins: the parts of the pictures, the network, the phases.
 *
 * @param begun when that began, on the clock of {@link System#nanoTime}
 */
record Planning(Splits splits, TransferNetwork network, TransferPlan plan, long begun) {
    private static final int HEAD_STEPS = 1000;
    private static final int LEAST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 200;

    static Planning of(TransferSettings settings) {
        long begun = System.nanoTime();
        ImageFolder folder = ImageFolder.read(settings.data().folder());
        Separation separation = split(folder, settings);
        Splits splits = separation.splits();
        TransferNetwork network =
                TransferNetwork.of(settings.base(), splits.train().classes().size(), settings.seed());
        return new Planning(splits, network, plan(settings, folder, separation, network), begun);
    }

    /** The parts, and what was done to part them cleanly. */
    private record Separation(Splits splits, DataCare care) {}

    private static Separation split(ImageFolder folder, TransferSettings settings) {
        TransferSettings.Data data = settings.data();
        PictureSet givenValidation =
                data.validation() == null ? null : ImageFolder.readAs(data.validation(), folder.classes());
        PictureSet givenTest = data.test() == null ? null : ImageFolder.readAs(data.test(), folder.classes());
        List<Picture> pictures = new ArrayList<>(folder.allPictures());
        Stream.of(givenValidation, givenTest)
                .flatMap(Stream::ofNullable)
                .forEach(set -> pictures.addAll(set.pictures()));
        PictureGroups copies = PictureGroups.copies(pictures);
        PictureGroups groups =
                data.groupBy() == null ? copies : copies.and(PictureGroups.byName(folder, data.groupBy()));
        Splits splits = folder.split(
                data.validation() == null ? ImageFolder.VALIDATION_SHARE : 0,
                data.test() == null ? data.testShare() : 0,
                settings.seed(),
                groups);
        DataCare.Separated parts = DataCare.separate(
                new Splits(
                        splits.train(),
                        givenValidation == null ? splits.validation() : givenValidation,
                        givenTest == null ? splits.test() : givenTest),
                groups);
        return new Separation(parts.splits(), DataCare.of(pictures, copies).dropped(parts.dropped()));
    }

    private static TransferPlan plan(
            TransferSettings settings, ImageFolder folder, Separation separation, TransferNetwork network) {
        Splits splits = separation.splits();
        Network net = network.network();
        long headParameters = net.parameters().trainable();
        TransferSettings.FineTuning tuning = settings.fineTuning();
        String unfreeze = tuning.unfreeze().equals(TransferSettings.AUTO)
                ? tunedFrom(settings.base(), network)
                : tuning.unfreeze();
        long tunedParameters = 0;
        if (tuning.epochs() > 0) {
            // Tried out now, so that a stage that does not exist is told before anything is trained.
            network.unfreeze(unfreeze);
            tunedParameters = net.parameters().trainable();
            net.layer(TransferNetwork.BACKBONE).setTrainable(false);
        }
        return new TransferPlan(
                net.model().name(),
                network.geometry(),
                splits.train().classes(),
                IntStream.of(splits.train().countPerClass()).boxed().toList(),
                splits.train().size(),
                splits.validation().size(),
                splits.testPart().map(PictureSet::size).orElse(0),
                folder.ignored(),
                separation.care(),
                net.parameters().total(),
                headPhase(settings, splits.train().size()),
                headParameters,
                tuning.epochs() > 0 ? Phase.of("fine-tune", tuning.epochs()).cosine() : null,
                unfreeze,
                tunedParameters,
                network.onnx());
    }

    private static String tunedFrom(TransferSettings.Base base, TransferNetwork network) {
        return base.onnx() != null
                ? TransferSettings.NOTHING
                : Zoo.pretrained(base.model())
                        .backbone(network.geometry().size())
                        .tunedFrom();
    }

    /** A head on cached features needs about a thousand steps; an epoch of them takes a blink. */
    private static Phase headPhase(TransferSettings settings, int examples) {
        int asked = settings.head().epochs();
        if (asked != TransferSettings.CHOOSE) {
            return Phase.of("head", asked);
        }
        int steps = (examples + settings.batchSize() - 1) / settings.batchSize();
        int epochs = Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, HEAD_STEPS / steps));
        return Phase.of("head", epochs).stopAfter(Math.max(LEAST_EPOCHS / 2, epochs / 4));
    }
}
