package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.InputGeometry;
import dev.graft.model.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/backbones.md} says what the records say. After a change run this test with {@code
 * -Dgraft.jvm.args="-Dgraft.write.docs=true"}, which writes the table again.
 */
class BackbonesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "backbones.md");
    private static final String BEGIN = "<!-- made from the records of dev.graft.zoo.Zoo -->\n";
    private static final String END = "<!-- end -->\n";

    @Test
    void theTableIsThatOfTheRecords() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("graft.write.docs")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end)).isEqualTo(table());
    }

    private static String table() {
        String head = "| name | parameters | GMACs | top-1 | input | stages | what | weights | MiB | licence |\n"
                + "|---|---:|---:|---:|---|---|---|---|---:|---|\n";
        return Zoo.all().stream().map(BackbonesPageTest::row).collect(Collectors.joining("", head, ""));
    }

    private static String row(Pretrained each) {
        Backbone backbone = each.backbone(each.geometry().size());
        Program program = Program.of(backbone.model());
        List<Stage> stages = backbone.stages();
        ModelCard card = each.card();
        String weights = "packed with Graft";
        if (each.source() instanceof WeightSource.Published published) {
            weights = published.file();
        } else if (each.source() instanceof WeightSource.Npm npm) {
            weights = "npm's package " + npm.file().packageName() + " "
                    + npm.file().version();
        }
        return String.format(
                Locale.ROOT,
                "| `%s` | %.1f M | %.2f | %s | %dx%d%s | %s … %s | %s, trained on %s | %s | %.1f | %s |%n",
                each.name(),
                program.parameters() / 1e6,
                program.multiplyAdds() / 1e9,
                card.top1() == null ? "" : String.format(Locale.ROOT, "%.1f", card.top1()),
                each.geometry().size(),
                each.geometry().size(),
                each.geometry().interpolation() == InputGeometry.Interpolation.BICUBIC ? " bicubic" : "",
                stages.get(0).name(),
                stages.get(stages.size() - 1).name(),
                card.title(),
                card.pictures(),
                weights,
                each.source().size(),
                card.licence());
    }
}
