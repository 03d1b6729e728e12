package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/settings.md} says what the declarations say. After a change run this test with {@code
 * -Dgraft.jvm.args="-Dgraft.write.docs=true"}, which writes the table again.
 */
class SettingsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "settings.md");
    private static final String BEGIN = "<!-- made from the declarations of settings -->\n";
    private static final String END = "<!-- end -->\n";
    /** Their defaults are those of the machine. */
    private static final Set<Setting<?>> LOCAL = Set.of(RunSettings.THREADS, RunSettings.CACHE);

    @Test
    void theTableIsThatOfTheDeclarations() throws IOException {
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
        return TransferSettings.all().stream()
                .filter(setting -> !setting.kind().isComposed())
                .map(SettingsPageTest::row)
                .collect(Collectors.joining("", "| option | takes | else | what it does |\n|---|---|---|---|\n", ""));
    }

    private static String row(Setting<?> setting) {
        String takes = setting.kind().placeholder().replace("|", ", ");
        String otherwise = LOCAL.contains(setting) ? "of this machine" : setting.otherwise();
        boolean literal = setting instanceof FixedSetting<?> && !otherwise.isEmpty() && !LOCAL.contains(setting);
        return "| `" + SettingOptions.name(setting) + "` | " + takes + " | "
                + (literal ? "`" + otherwise + "`" : otherwise) + " | "
                + setting.help().replaceFirst("\\.$", "") + " |\n";
    }
}
