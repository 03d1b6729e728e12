package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies are found and kept together, origins too, and pictures of something else are unknown. */
class CareTest {
    @TempDir
    Path temporary;

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(temporary.resolve(name).toFile());
    }

    @Test
    void anAuditFindsWhatWasPlanted() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 6);
        Path disc = pictures.resolve("discs/disc-3.png");
        Files.copy(disc, pictures.resolve("stripes/same.png"));
        BufferedImage drawn = ImageIO.read(disc.toFile());
        BufferedImage brighter = new BufferedImage(drawn.getWidth(), drawn.getHeight(), BufferedImage.TYPE_INT_RGB);
        brighter.createGraphics().drawImage(drawn, 0, 0, null);
        brighter.setRGB(0, 0, 0xFFFFFF);
        ImageIO.write(brighter, "bmp", pictures.resolve("discs/again.bmp").toFile());
        Files.writeString(pictures.resolve("discs/broken.png"), "no picture");
        Cli audit = Cli.run(
                "audit", pictures, "--json", temporary.resolve("audit.json"), "--grid", temporary.resolve("near.png"));
        assertThat(audit.err()).isEmpty();
        assertThat(audit.code()).isZero();
        assertThat(audit.out()).contains("15 pictures of 2 classes", "1 picture could not be read");
        JsonNode json = json("audit.json");
        assertThat(json.at("/classes/discs").asInt()).isEqualTo(8);
        assertThat(json.path("copies")).hasSize(1);
        assertThat(json.at("/copies/0/0").asText()).isEqualTo(disc.toString());
        assertThat(json.path("contradictions")).hasSize(1);
        assertThat(json.path("skipped")).hasSize(1);
        assertThat(json.path("near_copies"))
                .anySatisfy(pair -> assertThat(pair.toString()).contains("again.bmp", "disc-3.png"))
                .allSatisfy(pair -> assertThat(pair.path("cosine").asDouble()).isBetween(0.95, 1.0));
        assertThat(ImageIO.read(temporary.resolve("near.png").toFile()).getWidth())
                .isGreaterThan(300);
    }

    @Test
    void anAuditFindsTheLabelThatIsWrong() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 20);
        Files.move(pictures.resolve("discs/disc-7.png"), pictures.resolve("stripes/other.png"));
        Path suspects = temporary.resolve("suspects.png");
        Cli audit = Cli.run("audit", pictures, "--json", temporary.resolve("audit.json"), "--suspects", suspects);
        assertThat(audit.code()).isZero();
        assertThat(audit.out()).contains("Suspects " + suspects);
        assertThat(ImageIO.read(suspects.toFile()).getWidth()).isGreaterThan(200);
        JsonNode first = json("audit.json").path("suspect_labels").path(0);
        assertThat(first.path("picture").asText()).endsWith("other.png");
        assertThat(first.path("given").asText()).isEqualTo("stripes");
        assertThat(first.path("likely").asText()).isEqualTo("discs");
        assertThat(audit.out()).containsPattern("stripes.other\\.png  rather discs");
    }

    @Test
    void labelsOfVeryFewPicturesAreNotJudged() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 4);
        Cli audit = Cli.run("audit", pictures, "--json", temporary.resolve("audit.json"));
        assertThat(audit.out()).contains("Labels are not looked at: that takes 5 pictures of each class");
        assertThat(json("audit.json").has("suspect_labels")).isFalse();
    }

    @Test
    void picturesOfSomethingElseAreUnknown() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 60);
        Path model = temporary.resolve("drawings.graft");
        Cli training = Cli.run(
                "train",
                pictures,
                "--epochs=4",
                "--fine-tune-epochs=0",
                "--balance=sampling",
                "--group-by=-(\\d)\\d*[.]",
                "--no-cache",
                "--out",
                model,
                "--json",
                temporary.resolve("train.json"));
        assertThat(training.err()).isEmpty();
        assertThat(training.out()).contains("the model tells unknown pictures");
        assertThat(json("train.json").at("/calibration/temperature").asDouble()).isPositive();
        assertThat(json("train.json").at("/settings/balance").asText()).isEqualTo("sampling");

        Path strange = Files.createDirectories(temporary.resolve("noise"));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10; i++) {
            BufferedImage noise = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < 96 * 96; at++) {
                noise.setRGB(at % 96, at / 96, random.nextInt());
            }
            ImageIO.write(noise, "png", strange.resolve(i + ".png").toFile());
        }
        Cli unknown = Cli.run("predict", model, strange, "--json", temporary.resolve("unknown.json"));
        assertThat(unknown.out().lines())
                .filteredOn(line -> line.contains("  unknown, nearest:  "))
                .hasSizeGreaterThan(8);
        assertThat(json("unknown.json").at("/0/unknown").asBoolean()).isTrue();
        assertThat(Cli.run("predict", model, strange, "--no-reject").out()).doesNotContain("unknown");
        Cli known = Cli.run("predict", model, pictures);
        assertThat(known.out().lines())
                .filteredOn(line -> line.contains("unknown"))
                .hasSizeLessThan(12);
        Cli evaluated = Cli.run("evaluate", model, pictures, "--json", temporary.resolve("evaluate.json"));
        assertThat(evaluated.out()).contains("calibration error", "would not take for any class");
        assertThat(json("evaluate.json").path("rejected").asInt()).isLessThan(12);
    }

    @Test
    void wrongWordsAreRefused() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 4);
        Cli balance = Cli.run("train", pictures, "--balance=wieghts");
        assertThat(balance.code()).isEqualTo(2);
        assertThat(balance.err()).contains("--balance: expected none, weights, sampling, got 'wieghts'; did you mean");
        Cli group = Cli.run("train", pictures, "--group-by=(");
        assertThat(group.code()).isEqualTo(2);
        assertThat(group.err()).contains("--group-by: '(' is no regular expression");
        Cli none = Cli.run("train", pictures, "--group-by=patient");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("--group-by 'patient' is found in none of the 8 names");
        assertThat(Cli.run("train", pictures, "--group-by=x*").err()).contains("--group-by 'x*' is found in none");
    }
}
