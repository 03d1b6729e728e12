package dev.graft.cli;

import dev.graft.data.InputGeometry;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Program;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code graft models}: which backbones there are. */
@Command(
        name = "models",
        header = "Lists the pretrained backbones.",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example:", "  graft models"})
final class ModelsCommand implements Callable<Integer> {
    private final Terminal terminal;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
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
                    "yes, packed with Graft",
                    pretrained.licence());
        }
        table.print(terminal, "");
        terminal.line();
        Zoo.all().forEach(pretrained -> terminal.line(pretrained.name() + ": " + pretrained.description()));
        return 0;
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
