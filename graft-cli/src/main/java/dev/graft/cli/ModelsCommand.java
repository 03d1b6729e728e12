package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.graft.data.InputGeometry;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Program;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.WeightSource;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code graft models}: which backbones there are, and which weights are here. */
@Command(
        name = "models",
        header = "Lists the pretrained backbones.",
        optionListHeading = "%nOptions:%n",
        synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Examples:", "  graft models", "  graft models pull resnet50"})
final class ModelsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (json != null) {
            JsonFile.check(json);
        }
        ArrayNode list = JsonFile.NODES.arrayNode();
        Table table = Table.of("name", "parameters", "size", "input", "here", "licence")
                .left(4)
                .left(5);
        for (Pretrained pretrained : Zoo.all()) {
            InputGeometry geometry = pretrained.geometry();
            long parameters = parameters(pretrained);
            table.row(
                    pretrained.name() + (pretrained.name().equals(Zoo.DEFAULT) ? " (default)" : ""),
                    Text.count(parameters),
                    Text.bytes(parameters * Float.BYTES),
                    geometry.size() + "x" + geometry.size(),
                    here(pretrained),
                    pretrained.licence());
            list.addObject()
                    .put("name", pretrained.name())
                    .put("default", pretrained.name().equals(Zoo.DEFAULT))
                    .put("parameters", parameters)
                    .put("image_size", geometry.size())
                    .put("here", pretrained.isHere())
                    .put("licence", pretrained.licence())
                    .put("description", pretrained.description());
        }
        table.print(terminal, "");
        terminal.line();
        Zoo.all().forEach(pretrained -> terminal.line(pretrained.name() + ": " + pretrained.description()));
        if (json != null) {
            JsonFile.write(json, list);
        }
        return 0;
    }

    private static String here(Pretrained pretrained) {
        if (pretrained.source() instanceof WeightSource.Packed) {
            return "yes, packed with Graft";
        }
        return pretrained.isHere() ? "yes" : "no, pull it";
    }

    /** Trainable numbers of the backbone without the classifier that belongs to its old classes. */
    private static long parameters(Pretrained pretrained) {
        Program program =
                Program.of(pretrained.backbone(pretrained.geometry().size()).model());
        return program.weights().values().stream()
                .filter(WeightSpec::trainable)
                .mapToLong(spec -> spec.shape().elements())
                .sum();
    }
}
