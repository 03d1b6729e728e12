package dev.graft.examples;

import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every example on pictures may be told. */
final class ExampleOptions {
    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "One subfolder of pictures a class. Without it the example draws some.")
    @Nullable Path folder;

    @Option(names = "--weights", paramLabel = "FILE", description = "The backbone's weights (safetensors or GGUF).")
    @Nullable Path weights;

    @Option(names = "--epochs", paramLabel = "N", description = "Of each phase (default: what the example chooses).")
    @Nullable Integer epochs;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Side of the pictures in pixels; multiples of 32 suit every backbone.")
    @Nullable Integer imageSize;

    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    private boolean help;

    static ExampleOptions of(Path folder, int epochs, int imageSize) {
        ExampleOptions options = new ExampleOptions();
        options.folder = folder;
        options.epochs = epochs;
        options.imageSize = imageSize;
        return options;
    }

    /** The user's pictures; without any, drawings in a temporary folder that goes when the program ends. */
    Path folderOr(UnaryOperator<Path> drawing) {
        return folder == null ? drawing.apply(Drawings.temporaryFolder()) : folder;
    }

    int epochs(int chosen) {
        return epochs == null ? chosen : within("--epochs", epochs, 1, 10_000);
    }

    /** The networks halve their input five times: less than 32 pixels leave nothing. */
    int imageSize(int chosen) {
        return imageSize == null ? chosen : within("--image-size", imageSize, 32, 1024);
    }

    private static int within(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw new GraftException(option + ": expected " + least + " to " + most + ", got " + number);
        }
        return number;
    }
}
