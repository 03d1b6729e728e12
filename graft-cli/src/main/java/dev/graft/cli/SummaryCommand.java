package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.DisplayWidth;
import dev.graft.bundle.Bundle;
import dev.graft.model.Network;
import dev.graft.model.Program.Step;
import dev.graft.model.Summary;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.zoo.Pretrained;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft summary}: the layers of a classifier or of a backbone. */
@Command(
        name = "summary",
        header = "Shows the layers of a classifier, or of a backbone with a new head.",
        customSynopsis = {
            "graft summary MODEL.graft",
            "       graft summary --model NAME [--classes N]",
            "                     [--image-size N]"
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Examples:",
            "  graft summary flowers.graft",
            "  graft summary --model mobilenet_v3_small --classes 5"
        })
final class SummaryCommand implements Callable<Integer> {
    private static final int MOST = 100_000;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL.graft", arity = "0..1", description = "What 'graft train' has made.")
    private @Nullable Path bundle;

    @Option(names = "--model", paramLabel = "NAME", description = "A backbone; 'graft models' lists them.")
    private @Nullable Pretrained model;

    @Option(names = "--classes", paramLabel = "N", description = "Of the new head (default: 2).")
    private @Nullable Integer classes;

    @Option(names = "--image-size", paramLabel = "N", description = "Side of the input in pixels.")
    private @Nullable Integer imageSize;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    SummaryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if ((bundle == null) == (model == null)) {
            throw wrong("give either a MODEL.graft or --model NAME");
        }
        if (bundle != null) {
            if (classes != null || imageSize != null) {
                throw wrong("--classes and --image-size go with --model only");
            }
            print(Bundle.read(bundle));
            return 0;
        }
        if ((classes != null && classes < 2) || (imageSize != null && imageSize < 1)) {
            throw wrong("expected at least 2 --classes and an --image-size of at least 1");
        }
        if ((classes != null && classes > MOST) || (imageSize != null && imageSize > MOST)) {
            throw wrong("expected --classes and an --image-size of at most " + Text.count(MOST));
        }
        print(TransferNetwork.withFreshBackbone(
                        new BackboneSource.OfZoo(model.name()), imageSize, classes == null ? 2 : classes)
                .network());
        return 0;
    }

    private void print(Bundle read) {
        print(read.network());
        terminal.line("Classes: " + read.labels().stream().map(Text::printable).collect(Collectors.joining(", ")));
        terminal.line("Input: " + PlanText.geometry(read.geometry()));
    }

    private void print(Network network) {
        Summary summary = Summary.of(network).expanded();
        show(terminal.canShow(summary.toString()) ? summary : summary.ascii());
        if (json != null) {
            JsonFile.write(terminal, json, content(network));
        }
    }

    /** In its frame, as Keras does, unless the terminal is too narrow for that. */
    private void show(Summary summary) {
        List<String> framed = summary.toString().lines().toList();
        int room = Table.room(terminal, "");
        if (framed.stream().allMatch(line -> DisplayWidth.of(line) <= room)) {
            framed.forEach(terminal::whole);
            return;
        }
        List<List<String>> rows = summary.rows();
        Table table = Table.of(rows.get(0).toArray(String[]::new)).left(1).typed(0);
        // So that the branch is not parted from its name.
        rows.stream()
                .skip(1)
                .map(row -> row.stream().map(cell -> cell.replace("└ ", "└")))
                .forEach(cells -> table.row(cells.toArray(String[]::new)));
        terminal.line(summary.title());
        table.print(terminal, "");
        summary.totals().lines().forEach(terminal::line);
    }

    private static ObjectNode content(Network network) {
        long total = network.parameters(network.weights().keySet());
        long trainable = network.parameters(network.trainableWeights());
        ObjectNode content = JsonFile.NODES
                .objectNode()
                .put("model", network.model().name())
                .put("total", total)
                .put("trainable", trainable)
                .put("non_trainable", total - trainable);
        ArrayNode layers = content.putArray("layers");
        for (Step step : network.program().steps()) {
            ObjectNode layer = layers.addObject()
                    .put("name", step.path())
                    .put("type", step.layer().typeName())
                    .put("parameters", step.parameters())
                    .put("trainable", network.isTrainable(step));
            ArrayNode shape = layer.putArray("output_shape");
            for (int axis = 1; axis < step.shape().rank(); axis++) {
                shape.add(step.shape().size(axis));
            }
        }
        return content;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
