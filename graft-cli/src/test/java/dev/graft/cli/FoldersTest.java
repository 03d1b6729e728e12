package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people have them, through the commands: nothing waits, nothing is lost without a word. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: other file systems know fewer names")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FoldersTest {
    private static final String CAFE = "caf\u00E9";
    private static final String CAFE_APART = "cafe\u0301";

    @TempDir
    Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path model;

    @BeforeEach
    void name() {
        model = temporary.resolve("model.graft");
    }

    private Cli train(Path folder, Object... more) {
        Stream<Object> first = Stream.of(
                "train",
                folder,
                "--recipe",
                "head",
                "--image-size",
                64,
                "--threads",
                2,
                "--out",
                model,
                "--cache",
                temporary.resolve("cache"));
        return Cli.run(Stream.concat(first, Arrays.stream(more)).toArray());
    }

    private static void done(Cli result, String... says) {
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        for (String word : says) {
            assertThat(result.out()).contains(word);
        }
    }

    private static void refused(Cli result, Object... says) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        for (Object word : says) {
            assertThat(result.err()).contains(word.toString());
        }
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static boolean canName(String name) {
        try {
            return Path.of(name).toString().equals(name);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }

    private static void pipe(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Assumptions.assumeTrue(
                new ProcessBuilder("mkfifo", file.toString()).start().waitFor() == 0, "SKIPPED: no pipe can be made");
    }

    @Test
    void partsAreFoundWhateverTheirSpelling() throws IOException {
        Path set = temporary.resolve("set");
        Drawings.folder(set.resolve("Training"), 8);
        Drawings.folder(set.resolve("Testing"), 3);
        Files.createDirectories(set.resolve("pred"));
        Files.copy(set.resolve("Testing/discs/disc-0.png"), set.resolve("pred/a.png"));
        Path report = temporary.resolve("train.json");
        String left = "'pred' lies beside the parts Training and Testing and is left out (1 picture)";
        // What is drawn for both parts is the same, so training keeps five of eight.
        Cli training = train(set, "--json", report);
        done(training, "to train on", "6 to test", left);
        assertThat(json(report).at("/remarks/0").asText()).isEqualTo(left);
        refused(
                Cli.run("evaluate", model, set),
                "the folders of the classes lie further below; give one of ",
                set.resolve("Testing") + ", " + set.resolve("Training"));
        done(Cli.run("evaluate", model, set.resolve("Testing")), "6 pictures in ");
        done(Cli.run("audit", set), "22 pictures of 2 classes", left);
    }

    @Test
    void aFolderOfEverythingThatSystemsLeave() throws IOException, InterruptedException {
        Path set = Drawings.folder(temporary.resolve("set"), 16);
        pipe(set.resolve("discs/pipe.jpg"));
        Files.createSymbolicLink(set.resolve("discs/gone.png"), Path.of("nowhere.png"));
        Files.createDirectories(set.resolve("discs/folder.jpg"));
        Files.createDirectories(set.resolve("lost+found"));
        Files.createDirectories(set.resolve("set.graft.resume"));
        Files.createDirectories(set.resolve("stripes/@eaDir"));
        Files.copy(set.resolve("discs/disc-0.png"), set.resolve("stripes/@eaDir/x.png"));
        Files.createSymbolicLink(set.resolve("stripes/up"), set);
        Files.writeString(set.resolve("stripes/page"), "<!DOCTYPE html><html>");
        List<String> says = List.of(
                "1 without extension (a web page)",
                "passed over: @eaDir, lost+found, set.graft.resume",
                "stripes/up (a circular link)",
                "pipe.jpg: a pipe, not a file",
                "gone.png: a link to nowhere (nowhere.png)",
                "folder.jpg: a folder, not a file");
        done(train(set), says.toArray(String[]::new));
        done(Cli.run("evaluate", model, set), says.toArray(String[]::new));
        done(Cli.run("audit", set), says.toArray(String[]::new));
        Cli predicted = Cli.run("predict", model, set.resolve("discs"));
        assertThat(predicted.code()).isZero();
        assertThat(predicted.out().lines()).hasSize(16);
        assertThat(predicted.err()).contains("pipe.jpg: a pipe, not a file", "folder.jpg: a folder, not a file");
    }

    @Test
    void whatIsNoFileIsNeverOpened() throws IOException, InterruptedException {
        Path set = Drawings.folder(temporary.resolve("set"), 2);
        Path pipe = temporary.resolve("pipe");
        pipe(pipe);
        String says = "a pipe, not a file";
        refused(Cli.run("predict", pipe, set), pipe, says);
        refused(Cli.run("evaluate", pipe, set), pipe, says);
        refused(Cli.run("summary", pipe), pipe, says);
        refused(Cli.run("export", pipe, "--onnx", temporary.resolve("x.onnx")), pipe, says);
        refused(Cli.run("audit", set, "--weights", pipe), pipe, says);
        refused(Cli.run("audit", pipe), pipe, says);
        refused(train(set, "--weights", pipe), pipe, says);
        refused(Cli.run("train", set, "--continue", pipe, "--out", model), pipe, says);
        refused(Cli.run("train", set, "--backbone", pipe, "--out", model), pipe, says);
        refused(train(set, "--val", pipe), pipe, says);
        assertThat(model).doesNotExist();
    }

    @Test
    void theAnswerForOneReadablePictureIsThatOfEverySeed() throws IOException {
        Path set = Drawings.folder(temporary.resolve("set"), 24, 24);
        Drawings.crosses(set, 1);
        Files.writeString(set.resolve("crosses/broken.jpg"), "text");
        Files.writeString(set.resolve("crosses/empty.jpg"), "");
        for (int seed = 1; seed <= 4; seed++) {
            refused(train(set, "--seed", seed), "class 'crosses': only one of its pictures can be read, 2 cannot;");
        }
        Drawings.crosses(set, 2);
        for (int seed = 1; seed <= 2; seed++) {
            done(train(set, "--seed", seed), "2 pictures could not be read");
        }
    }

    @Test
    void onePictureWillDoWhereThereAreOthersToValidateOn() throws IOException {
        Path set = temporary.resolve("set");
        Drawings.folder(set.resolve("train"), 1, 10);
        // Drawn so that none is a copy of those above.
        Drawings.folder(temporary.resolve("more"), 14);
        move(temporary.resolve("more/discs"), set.resolve("val/discs"), "disc-1", 5);
        move(temporary.resolve("more/stripes"), set.resolve("val/stripes"), "stripes-1", 4);
        done(train(set), "there is only one picture to learn from of class 'discs'", "head: mean");
    }

    private static void move(Path from, Path to, String prefix, int count) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            List<Path> chosen = files.filter(
                            path -> path.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .limit(count)
                    .toList();
            for (Path path : chosen) {
                Files.move(path, to.resolve(path.getFileName()));
            }
        }
    }

    @Test
    void aNameIsTheSameInEitherUnicodeForm() throws IOException {
        Assumptions.assumeTrue(canName(CAFE), "SKIPPED: this locale has no such letters");
        Path composed = Drawings.folder(temporary.resolve("composed"), 6);
        Files.move(composed.resolve("discs"), composed.resolve(CAFE));
        Path apart = Drawings.folder(temporary.resolve("apart"), 6);
        Files.move(apart.resolve("discs"), apart.resolve(CAFE_APART));
        done(train(composed), CAFE);
        done(Cli.run("evaluate", model, apart), "12 pictures in ");
        Path continued = temporary.resolve("continued.json");
        Cli again = Cli.run(
                "train",
                apart,
                "--recipe",
                "head",
                "--continue",
                model,
                "--out",
                model,
                "--json",
                continued,
                "--cache",
                temporary.resolve("cache"));
        done(again, "Compared with the old model");
        assertThat(again.out()).doesNotContain("new: ", "no longer known");
        assertThat(json(continued).at("/comparison/dropped_classes")).isEmpty();
        assertThat(json(continued).at("/comparison/old_classes/total").asInt()).isPositive();
        assertThat(json(continued).at("/comparison/old_classes/accuracy_before").asDouble())
                .isPositive();
        Files.createDirectories(apart.resolve(CAFE));
        refused(train(apart), "two folders are called", "cafe\\u0301 and caf\\u00E9");
    }

    @Test
    void allClassesWithoutPicturesAreNamedAtOnce() throws IOException {
        Path set = Drawings.folder(temporary.resolve("set"), 4);
        Files.createDirectories(set.resolve("bird"));
        Files.createDirectories(set.resolve("horse"));
        Files.writeString(set.resolve("horse/a.HEIC"), "x");
        String says = "no pictures in 2 of its 4 classes: bird (empty), horse (1 .heic (HEIC, which is not read));";
        for (String command : List.of("train", "audit", "advise", "find-rate")) {
            refused(Cli.run(command, set), set, says);
        }
    }

    @Test
    void theFolderThatIsMeantIsNamed() throws IOException {
        Path above = temporary.resolve("data");
        Path set = Drawings.folder(above.resolve("shapes"), 6);
        for (String command : List.of("train", "audit", "advise", "find-rate")) {
            refused(Cli.run(command, above), "give " + set);
            refused(Cli.run(command, set.resolve("discs")), "directly in the folder", "give the folder above, " + set);
        }
        done(train(set));
        refused(Cli.run("evaluate", model, above), "lie further below; give " + set);
        refused(Cli.run("evaluate", model, set.resolve("discs")), "is itself the folder of a class, 'discs'", set);
        done(Cli.run("predict", model, above), "stripes-5.png");
    }

    @Test
    void aClassWithoutPicturesHasNoPrecision() throws IOException {
        Path set = Drawings.folder(temporary.resolve("set"), 6);
        done(train(set));
        Path part = temporary.resolve("part");
        Files.createDirectories(part);
        Files.move(set.resolve("discs"), part.resolve("discs"));
        Path report = temporary.resolve("evaluate.json");
        Cli evaluated = Cli.run("evaluate", model, part, "--json", report);
        done(evaluated);
        assertThat(evaluated.out().lines())
                .anySatisfy(
                        line -> assertThat(line.strip().split(" +")).containsExactly("stripes", "–", "–", "–", "0"));
        JsonNode stripes = json(report).at("/classes/1");
        for (String share : Set.of("precision", "recall", "f1")) {
            assertThat(stripes.path(share).isNull()).as(share).isTrue();
        }
        assertThat(stripes.path("support").asInt()).isZero();
        assertThat(json(report).at("/classes/0/recall").isNumber()).isTrue();
    }

    @Test
    void aFolderOfAnUnknownClassIsNotToBeRemoved() throws IOException {
        Path set = Drawings.folder(temporary.resolve("set"), 6);
        done(train(set));
        Drawings.crosses(set, 2);
        Cli strange = Cli.run("evaluate", model, set);
        refused(strange, "its class 'crosses' (2 pictures) is not among the classes trained on (discs, stripes)");
        assertThat(strange.err()).doesNotContain("remove", "rename");
        Files.delete(set.resolve("crosses/cross-0.png"));
        Files.delete(set.resolve("crosses/cross-1.png"));
        done(Cli.run("evaluate", model, set), "'crosses' is no class that is known and is left out (no pictures)");
    }

    @Test
    void namesThatAreNoTextAreRefusedOrKept() throws IOException {
        Path set = Drawings.folder(temporary.resolve("set"), 6);
        Path disc = Path.of(URI.create(set.toUri() + "discs/%B5%FE.png"));
        Files.move(set.resolve("discs/disc-0.png"), disc);
        done(train(set), "12 pictures of 2 classes");
        Path report = temporary.resolve("p.json");
        done(Cli.run("predict", model, set.resolve("discs"), "--json", report), "discs/\\xB5\\xFE.png  ");
        assertThat(json(report).findValuesAsText("path")).contains(set.resolve("discs") + "/\\xB5\\xFE.png");
        Files.move(set.resolve("stripes"), Path.of(URI.create(set.toUri() + "%C6%F7")));
        refused(train(set), "not in this locale's character set", "\\xC6\\xF7");
        refused(Cli.run("evaluate", model, set), "\\xC6\\xF7");
    }
}
