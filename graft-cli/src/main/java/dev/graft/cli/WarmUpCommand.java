package dev.graft.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.transfer.TransferNetwork;
import dev.graft.transfer.TransferSettings;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does what {@code graft predict} does, with a fresh head and a picture of one colour, so that the script {@code graft} can
 * keep an archive of the classes which that loads.
 */
@Command(name = "warm-up", hidden = true, header = "Loads what predict needs; prints nothing.")
final class WarmUpCommand implements Callable<Integer> {
    private static final int SIDE = 64;

    WarmUpCommand(Terminal terminal) {}

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("graft-warm-up");
        Path model = folder.resolve("warm-up.graft");
        Path picture = folder.resolve("grey.ppm");
        try {
            Files.write(picture, greyPicture());
            var base = new TransferSettings.Base(Zoo.DEFAULT, null, 0);
            TransferNetwork network = TransferNetwork.of(base, 2, 0);
            Bundle.of(List.of("a", "b"), network.geometry(), network.network(), JsonNodeFactory.instance.objectNode())
                    .write(model);
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            Terminal silent = new Terminal(nowhere, nowhere, false);
            return Main.run(silent, "predict", model.toString(), picture.toString());
        } finally {
            for (Path file : List.of(model, picture, folder)) {
                OutputFile.deleteQuietly(file);
            }
        }
    }

    private static byte[] greyPicture() {
        byte[] head = ("P6 " + SIDE + " " + SIDE + " 255\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(head, head.length + 3 * SIDE * SIDE);
        Arrays.fill(file, head.length, file.length, (byte) 128);
        return file;
    }
}
