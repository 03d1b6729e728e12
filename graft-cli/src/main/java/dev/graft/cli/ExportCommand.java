package dev.graft.cli;

import dev.graft.Numbers;
import dev.graft.bundle.Bundle;
import dev.graft.export.BundleExport;
import dev.graft.export.ExportCheck;
import dev.graft.export.QuantizationPictures;
import dev.graft.export.QuantizedExport;
import dev.graft.export.TorchWeights;
import dev.graft.layers.BatchNormalization;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code graft export}: a classifier as a file for other programs. */
@Command(
        name = "export",
        header = "Writes a classifier as a file for other programs.",
        customSynopsis = {
            "graft export MODEL.graft --onnx FILE",
            "                    [--with-preprocessing]",
            "                    [--keep-batch-norm | --fp16 |",
            "                     --int8 --calibrate FOLDER]",
            "       graft export MODEL.graft --safetensors FILE",
            "       graft export --model NAME [--weights FILE]",
            "                    [--image-size N] …"
        },
        description = {
            "",
            "An ONNX file is run and compared with libtorch before it is written; one in 8 bits is measured on pictures"
                    + " that training held out."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Examples:",
            "  graft export flowers.graft --onnx flowers.onnx --with-preprocessing",
            "  graft export flowers.graft --onnx small.onnx --int8 --calibrate flowers",
            "  graft export flowers.graft --safetensors flowers.safetensors",
            "  graft export --model resnet50 --onnx resnet50.onnx"
        })
final class ExportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ExportSource source;

    @Output(OutputKind.ONNX)
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

    @Option(names = "--fp16", description = "Half precision: half the size; for GPUs and telephones.")
    private boolean half;

    @Option(
            names = "--int8",
            description = "8 bits: less than a third of the size; costs some accuracy, which is told.")
    private boolean int8;

    @Option(
            names = "--calibrate",
            paramLabel = "FOLDER",
            description = "The pictures it was trained on, which --int8 needs.")
    private @Nullable Path calibrate;

    @Option(
            names = "--allow-loss",
            paramLabel = "SHARE",
            description = "By how much --int8 may lower the accuracy (default: 0.05).")
    private @Nullable Double allowedLoss;

    @Output(OutputKind.SAFETENSORS)
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
            checkPrecision();
            source.check();
            writeOnnx(onnx);
        } else if (safetensors != null && onnx == null) {
            if (withPreprocessing || keepBatchNorm) {
                throw wrong("--with-preprocessing and --keep-batch-norm go with --onnx only");
            }
            if (half || int8 || calibrate != null || allowedLoss != null) {
                throw wrong("--fp16, --int8, --calibrate and --allow-loss go with --onnx only");
            }
            source.check();
            writeWeights(safetensors);
        } else {
            throw wrong("give either --onnx FILE or --safetensors FILE");
        }
        return 0;
    }

    private void checkPrecision() {
        if (half && int8) {
            throw wrong("give either --fp16 or --int8");
        }
        if (int8 && keepBatchNorm) {
            throw wrong("--int8 folds batch normalisation; leave out --keep-batch-norm");
        }
        if (int8 && calibrate == null) {
            throw wrong("--int8 needs pictures; name the folder that the model was trained on with --calibrate FOLDER");
        }
        if (!int8 && (calibrate != null || allowedLoss != null)) {
            throw wrong("--calibrate and --allow-loss go with --int8 only");
        }
        if (allowedLoss != null && !(allowedLoss >= 0 && allowedLoss <= 1)) {
            throw wrong("--allow-loss: expected a share from 0 to 1, got " + allowedLoss);
        }
    }

    private void writeOnnx(Path file) {
        Bundle bundle = source.bundle(terminal::line);
        BundleExport plain = BundleExport.of(bundle, source.name());
        if (keepBatchNorm && !isNormed(bundle)) {
            terminal.line("Note     --keep-batch-norm: without effect, as the network has no batch normalisation");
        }
        BundleExport normed = keepBatchNorm ? plain.keepingBatchNorm() : plain;
        BundleExport export = withPreprocessing ? normed.withPreprocessing() : normed;
        if (int8 && calibrate != null) {
            quantize(export, calibrate, file);
        } else {
            BundleExport precise = half ? export.halved() : export;
            ExportCheck check = precise.toOnnx(file);
            terminal.line("Checked  ONNX Runtime and libtorch differ by at most "
                    + Numbers.text(check.difference()) + " of the largest logit; allowed is "
                    + Numbers.text(half ? ExportCheck.HALF_TOLERANCE : ExportCheck.TOLERANCE));
        }
        int side = bundle.geometry().size();
        int classes = bundle.labels().size();
        String batch = export.graph().takesAnyBatch() ? "N" : "1";
        terminal.line("Input    "
                + (withPreprocessing
                        ? "input [" + batch + ", H, W, 3] uint8: pictures of any one size, red, green, blue"
                        : "input [" + batch + ", 3, " + side + ", " + side + "] float: red, green, blue, 0 to 255"));
        terminal.line("Output   "
                + (withPreprocessing
                        ? "probabilities [" + batch + ", " + classes + "], logits [" + batch + ", " + classes + "]"
                        : "logits [" + batch + ", " + classes + "]"));
        written(file, half || int8 ? export.graph().bytes().length : 0);
    }

    private static boolean isNormed(Bundle bundle) {
        return bundle.network().program().steps().stream().anyMatch(step -> step.layer() instanceof BatchNormalization);
    }

    private void quantize(BundleExport export, Path folder, Path file) {
        QuantizationPictures pictures = QuantizationPictures.of(export.bundle(), folder);
        double loss = allowedLoss == null ? QuantizedExport.ALLOWED_LOSS : allowedLoss;
        QuantizedExport quantized = new QuantizedExport(export, pictures, loss);
        EvaluationText.remarks(terminal, pictures.remarks());
        // Each picture to calibrate with is gone through twice.
        Progress progress = new Progress(terminal, "  steps");
        QuantizedExport.Result result = quantized.toOnnx(file, done -> progress.at(done, quantized.steps()));
        EvaluationText.skipped(terminal, result.skipped(), "'graft audit'");
        terminal.line(
                "Ranges   of " + Text.count(result.calibrated(), "picture", "pictures") + " of " + Text.path(folder));
        terminal.line("Accuracy " + EvaluationText.accuracy(result.after()) + "; in float32 "
                + EvaluationText.accuracy(result.before()) + "; both agree on "
                + Text.format("%.1f %%", 100 * result.agreement()));
        terminal.line("         on pictures that "
                + (pictures.neverTrainedOn()
                        ? "training held out"
                        : "were not calibrated with; it is not known whether they were trained on"));
    }

    private void writeWeights(Path file) {
        TorchWeights weights =
                BundleExport.of(source.bundle(terminal::line), source.name()).toSafetensors(file);
        terminal.line("Names    "
                + weights.backbone()
                        .map(name -> "those of " + name + " at its publisher's"
                                + (source.file() == null ? "" : ", the new head in the classifier's place"))
                        .orElse("the network's own: it is no backbone that Graft knows with a linear head"));
        terminal.line("Tensors  " + weights.tensors().size());
        if (weights.foreign()) {
            terminal.line("Missing  the nodes that came from an ONNX file, which are no tensors: --onnx writes them");
        }
        written(file, 0);
    }

    private void written(Path file, long before) {
        terminal.line("File     " + Text.path(file) + ", "
                + Text.bytes(file.toFile().length()) + (before == 0 ? "" : "; in float32 " + Text.bytes(before)));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
