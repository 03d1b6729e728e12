package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.graft.model.Program;
import dev.graft.zoo.ModelCard;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.WeightSource;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ArrayNode list = JsonFile.NODES.arrayNode();
        Table table = Table.of("name", "parameters", "GMACs", "top-1", "input", "size", "here", "trained on", "licence")
                .left(6)
                .left(7)
                .left(8)
                .typed(0)
                .optional(7, 8, 4, 2, 1, 5, 3);
        for (Pretrained pretrained : Zoo.all()) {
            ModelCard card = pretrained.card();
            int side = pretrained.geometry().size();
            Program program = Program.of(pretrained.backbone(side).model());
            table.row(
                    pretrained.name() + (pretrained.name().equals(Zoo.DEFAULT) ? " (default)" : ""),
                    Text.count(program.parameters()),
                    String.format(Locale.ROOT, "%.2f", program.multiplyAdds() / 1e9),
                    card.top1() == null ? "" : String.format(Locale.ROOT, "%.1f", card.top1()),
                    side + "x" + side,
                    Text.bytes(Math.round(pretrained.source().size() * (1 << 20))),
                    here(pretrained),
                    card.pictures(),
                    card.licence());
            list.addObject()
                    .put("name", pretrained.name())
                    .put("default", pretrained.name().equals(Zoo.DEFAULT))
                    .put("title", card.title())
                    .put("parameters", program.parameters())
                    .put("multiply_adds", program.multiplyAdds())
                    .put("top1", card.top1())
                    .put("image_size", side)
                    .put("interpolation", PlanText.interpolation(pretrained.geometry()))
                    .put("bytes", Math.round(pretrained.source().size() * (1 << 20)))
                    .put("here", pretrained.isHere())
                    .put("trained_on", card.pictures())
                    .put("licence", card.licence());
        }
        table.print(terminal, "");
        terminal.line();
        List<String> leftOut = table.leftOut(terminal, "");
        if (!leftOut.isEmpty()) {
            terminal.line("There is no room here for: " + String.join(", ", leftOut)
                    + ". A wider terminal, --json FILE and" + " '| less -S' have all.");
        }
        terminal.line("Parameters and GMACs (billions of multiplications, each with an addition) are those up to the"
                + " features, at the input size; top-1 is what the publisher says of ImageNet. '--model best' is "
                + Zoo.best().name() + " here.");
        if (json != null) {
            JsonFile.write(terminal, json, list);
        }
        return 0;
    }

    private static String here(Pretrained pretrained) {
        if (pretrained.source() instanceof WeightSource.Packed) {
            return "packed";
        }
        return pretrained.isHere() ? "yes" : "no";
    }
}
