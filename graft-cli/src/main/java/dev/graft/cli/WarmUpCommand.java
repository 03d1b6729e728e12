package dev.graft.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does what {@code graft predict} does, with a fresh head and a picture of one colour, and if asked to what {@code graft
 * train} does, so that the script {@code graft} can keep an archive of the classes which that loads.
 */
@Command(name = "warm-up", hidden = true, header = "Loads what the other commands need; prints nothing.")
final class WarmUpCommand implements Callable<Integer> {
    private static final int SIDE = 64;

    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @Option(names = "--train", description = "Train too, which loads libtorch.")
    private boolean train;

    WarmUpCommand(Terminal terminal) {}

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("graft-warm-up");
        try {
            Path model = folder.resolve("warm-up.graft");
            Path pictures = pictures(folder.resolve("pictures"));
            if (train) {
                train(pictures, folder.resolve("cache"), model);
            } else {
                untrained(model);
            }
            return run("predict", model.toString(), pictures.toString());
        } finally {
            deleteAll(folder);
        }
    }

    /** Two classes of two pictures, all of one colour. */
    private static Path pictures(Path folder) throws IOException {
        for (String file : List.of("a/1", "a/2", "b/1", "b/2")) {
            Path picture = folder.resolve(file + ".ppm");
            Files.createDirectories(picture.getParent());
            byte[] head = ("P6 " + SIDE + " " + SIDE + " 255\n").getBytes(StandardCharsets.US_ASCII);
            byte[] bytes = Arrays.copyOf(head, head.length + 3 * SIDE * SIDE);
            Arrays.fill(bytes, head.length, bytes.length, (byte) (32 * file.hashCode()));
            Files.write(picture, bytes);
        }
        return folder;
    }

    private static void untrained(Path model) {
        TransferNetwork network = TransferNetwork.of(new BackboneSource.OfZoo(Zoo.DEFAULT), 2, 0);
        Bundle.of(List.of("a", "b"), network.geometry(), network.network(), JsonNodeFactory.instance.objectNode())
                .write(model);
    }

    private static void train(Path pictures, Path cache, Path model) {
        run("train", pictures.toString(), "--epochs=1", "--fine-tune-epochs=1", "--cache=" + cache, "--out=" + model);
    }

    private static int run(String... arguments) {
        return Main.run(new Terminal(NOWHERE, NOWHERE, StandardCharsets.UTF_8, false), arguments);
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(WarmUpCommand::deleteQuietly);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A leftover harms nobody, and what went wrong before matters more.
        }
    }
}
