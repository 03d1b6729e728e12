package dev.graft.cli;

import dev.graft.WholeFile;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleExport;
import dev.graft.bundle.ExportCheck;
import dev.graft.bundle.TorchWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft export}: a classifier as a file for other programs. */
@Command(
        name = "export",
        header = "Writes a classifier as a file for other programs.",
        customSynopsis = {
            "graft export MODEL.graft --onnx FILE [--with-preprocessing]",
            "                    [--keep-batch-norm]",
            "       graft export MODEL.graft --safetensors FILE"
        },
        description = {"", "An ONNX file is run and compared with libtorch before it is written."},
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Examples:",
            "  graft export flowers.graft --onnx flowers.onnx --with-preprocessing",
            "  graft export flowers.graft --safetensors flowers.safetensors"
        })
final class ExportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL.graft", description = "What 'graft train' has made.")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--onnx", paramLabel = "FILE", description = "The network, for ONNX Runtime and others.")
    private @Nullable Path onnx;

    @Option(
            names = "--with-preprocessing",
            description = "The file takes pictures of any size, bytes [N, H, W, 3], and gives probabilities.")
    private boolean withPreprocessing;

    @Option(
            names = "--keep-batch-norm",
            description = "Batch normalisation stays as it is, instead of being folded into convolutions.")
    private boolean keepBatchNorm;

    @Option(
            names = "--safetensors",
            paramLabel = "FILE",
            description = "The weights alone, with torchvision's names where the backbone is torchvision's.")
    private @Nullable Path safetensors;

    ExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (onnx != null && safetensors == null) {
            check(onnx, "--onnx");
            writeOnnx(onnx);
        } else if (safetensors != null && onnx == null) {
            if (withPreprocessing || keepBatchNorm) {
                throw wrong("--with-preprocessing and --keep-batch-norm go with --onnx only");
            }
            check(safetensors, "--safetensors");
            writeWeights(safetensors);
        } else {
            throw wrong("give either --onnx FILE or --safetensors FILE");
        }
        return 0;
    }

    private void check(Path file, String option) {
        if (isModel(file)) {
            throw wrong(option + ": " + file + " is the model itself; name another file");
        }
        WholeFile.at(file).namedBy(option).check();
    }

    private boolean isModel(Path file) {
        try {
            return Files.exists(file) && Files.exists(model) && Files.isSameFile(file, model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeOnnx(Path file) {
        Bundle bundle = Bundle.read(model);
        BundleExport plain = BundleExport.of(bundle, model.toString());
        BundleExport normed = keepBatchNorm ? plain.keepingBatchNorm() : plain;
        BundleExport export = withPreprocessing ? normed.withPreprocessing() : normed;
        ExportCheck check = export.toOnnx(file);
        int side = bundle.geometry().size();
        int classes = bundle.labels().size();
        String batch = export.graph().takesAnyBatch() ? "N" : "1";
        terminal.line("Checked  ONNX Runtime and libtorch differ by at most " + Text.format("%.1e", check.difference())
                + " of the largest logit; allowed is " + Text.format("%.0e", ExportCheck.TOLERANCE));
        terminal.line("Input    "
                + (withPreprocessing
                        ? "input [" + batch + ", H, W, 3] uint8: pictures of any one size, red, green, blue"
                        : "input [" + batch + ", 3, " + side + ", " + side + "] float: red, green, blue, 0 to 255"));
        terminal.line("Output   "
                + (withPreprocessing
                        ? "probabilities [" + batch + ", " + classes + "], logits [" + batch + ", " + classes + "]"
                        : "logits [" + batch + ", " + classes + "]"));
        written(file);
    }

    private void writeWeights(Path file) {
        TorchWeights weights =
                BundleExport.of(Bundle.read(model), model.toString()).toSafetensors(file);
        terminal.line("Names    "
                + weights.backbone()
                        .map(name -> "those of " + name + " at its publisher's, the new head in the classifier's place")
                        .orElse("the network's own: it is no backbone that Graft knows with a linear head"));
        terminal.line("Tensors  " + weights.tensors().size());
        if (weights.foreign()) {
            terminal.line("Missing  the nodes that came from an ONNX file, which are no tensors: --onnx writes them");
        }
        written(file);
    }

    private void written(Path file) {
        terminal.line(
                "File     " + Text.path(file) + ", " + Text.bytes(file.toFile().length()));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
