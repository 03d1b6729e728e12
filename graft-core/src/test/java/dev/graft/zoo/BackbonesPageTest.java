package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.WeightSpec;
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
 * -Dgraft.jvm.args="-Dgraft.write.docs=true"}, which writes the table anew.
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
        String head =
                "| name | parameters | input | stages | what | weights | licence |\n|---|---:|---|---|---|---|---|\n";
        return Zoo.all().stream().map(BackbonesPageTest::row).collect(Collectors.joining("", head, ""));
    }

    private static String row(Pretrained each) {
        Backbone backbone = each.backbone(each.geometry().size());
        List<Stage> stages = backbone.stages();
        String weights =
                each.source() instanceof WeightSource.Published published ? published.file() : "packed with Graft";
        return String.format(
                Locale.ROOT,
                "| `%s` | %.1f M | %dx%d | %s … %s | %s | %s | %s |%n",
                each.name(),
                parameters(backbone) / 1e6,
                each.geometry().size(),
                each.geometry().size(),
                stages.get(0).name(),
                stages.get(stages.size() - 1).name(),
                each.description(),
                weights,
                each.licence());
    }

    /** Without the classifier of the old classes, and without statistics. */
    private static long parameters(Backbone backbone) {
        return Program.of(backbone.model()).weights().values().stream()
                .filter(WeightSpec::trainable)
                .mapToLong(spec -> spec.shape().elements())
                .sum();
    }
}
