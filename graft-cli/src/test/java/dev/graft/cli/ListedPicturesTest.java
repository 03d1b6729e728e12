package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of pictures in the place of a folder. */
class ListedPicturesTest {
    @TempDir
    Path work;

    private Path drawings;

    @BeforeEach
    void draw() throws IOException {
        drawings = Drawings.folder(work.resolve("drawings"), 8);
    }

    private Path list(String name, char between) throws IOException {
        try (Stream<Path> files = Files.walk(drawings)) {
            String rows = files.filter(file -> file.toString().endsWith(".png"))
                    .sorted()
                    .map(work::relativize)
                    .map(file -> file + "," + file.getName(1) + ",2\n")
                    .collect(Collectors.joining("", "path,label,weight\n", ""));
            return Files.writeString(work.resolve(name), rows.replace(',', between));
        }
    }

    @Test
    void trainsAsItsFolderDoes() throws IOException {
        Path model = work.resolve("model.graft");
        Cli run = Cli.run(
                "train",
                list("list.tsv", '\t'),
                "--image-size=32",
                "--recipe=head",
                "--cache",
                work.resolve("cache"),
                "--out",
                model);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("in " + work.resolve("list.tsv")).contains("discs", "stripes");
        assertThat(model).isNotEmptyFile();
    }

    @Test
    void isAudited() throws IOException {
        Path list = list("list.csv", ',');
        Files.copy(drawings.resolve("discs/disc-1.png"), work.resolve("copy.png"));
        Files.writeString(list, Files.readString(list) + "copy.png,stripes,2\n");
        Cli run = Cli.run("audit", list);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("copy.png").doesNotContain("..");
    }

    @Test
    void thatIsNotThereIsSaidToBeMissing() {
        Cli run = Cli.run("train", work.resolve("nowhere.csv"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("nowhere.csv").contains("no such file");
    }
}
