package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library calls settings by their keys, {@link SettingName}: what their options are called is the command line's affair. */
class LibraryMessagesTest {
    private static final Pattern OPTION = Pattern.compile("\"[^\"\n]*--[a-z][^\"\n]*\"");
    /** Options of other programs. */
    private static final List<String> FOREIGN =
            List.of("--notest", "--ignore-scripts", "--prefer-offline", "--loglevel", "--fetch-retries");

    @Test
    void noMessageOfTheLibraryNamesAnOption() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String module : List.of("runtime", "zoo", "train", "transfer")) {
            try (Stream<Path> sources = Files.walk(Path.of("..", "graft-" + module, "src", "main", "java"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    files++;
                    Matcher option = OPTION.matcher(Files.readString(source));
                    while (option.find()) {
                        String text = option.group();
                        if (FOREIGN.stream().noneMatch(text::contains)) {
                            found.add(source.getFileName() + ": " + text);
                        }
                    }
                }
            }
        }
        assertThat(files).isGreaterThan(300);
        assertThat(found)
                .as("write SettingName.of(\"image-size\") in the place of \"--image-size\"")
                .isEmpty();
    }
}
