package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.download.Npm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sample pictures with a script in npm's place. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for npm is a shell script")
class SamplePicturesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private SamplePictures samples(String script) throws IOException {
        Path npm = Files.writeString(temporary.resolve("npm.sh"), "#!/bin/sh\n" + script);
        assertThat(npm.toFile().setExecutable(true)).isTrue();
        return new SamplePictures(new GraftHome(temporary.resolve("home")), new Npm(npm.toString()));
    }

    private static final String FETCH = """
            grep -q emojibase-data package-lock.json && grep -q ignore-scripts .npmrc || exit 9
            pictures=node_modules/@lobehub/fluent-emoji-3d/assets
            data=node_modules/emojibase-data
            mkdir -p $pictures $data/en $data/meta
            for code in 1f600 1f603 0023-fe0f-20e3 1f471-200d-2640-fe0f 1f3fb 1f1e6; do echo $code >$pictures/$code.webp; done
            cat >$data/en/compact.json <<END
            [{"hexcode":"1F600","label":"grinning face","group":0}, {"hexcode":"1F603","label":"Grinning Face!","group":0},
             {"hexcode":"23-FE0F-20E3","label":"keycap: #","group":8}, {"hexcode":"1F3FB","label":"light skin","group":2},
             {"hexcode":"1F471-200D-2640-FE0F","label":"woman","group":1}, {"hexcode":"1F1E6","label":"regional A"},
             {"hexcode":"1F999","label":"no picture of it","group":0}]
            END
            echo '{"groups":{"0":"smileys-emotion","1":"people-body","2":"component","8":"symbols"}}' >$data/meta/groups.json
            """;

    private List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void sortsThePicturesByGroupWithoutVariants() throws IOException {
        SamplePictures samples = samples(FETCH);
        assertThat(samples.missing()).isTrue();
        Path all = samples.all();
        assertThat(files(all))
                .containsExactly(
                        "smileys-emotion/1f603.webp", "smileys-emotion/grinning-face.webp", "symbols/keycap.webp");
        assertThat(samples.missing()).isFalse();
        assertThat(files(temporary.resolve("home/samples"))).hasSize(3);
    }

    @Test
    void picksTheSameFewOfEachClass() throws IOException {
        Path few = samples(FETCH).few(1);
        assertThat(files(few)).hasSize(2);
        assertThat(samples("exit 1").few(1)).isEqualTo(few);
    }

    @Test
    void aFailedFetchLeavesNothingAndSaysWhy() throws IOException {
        SamplePictures samples = samples("mkdir node_modules\necho 'npm error code ENOTFOUND'\nexit 1\n");
        assertThatThrownBy(samples::all)
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("(ENOTFOUND); check the network");
        assertThat(temporary.resolve("home/samples")).isEmptyDirectory();
    }

    @Test
    void withoutNpmItSaysWhatToInstall() {
        Npm missing = new Npm(temporary.resolve("no-npm").toString());
        assertThatThrownBy(() -> new SamplePictures(new GraftHome(temporary.resolve("home")), missing).all())
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("npm is missing")
                .hasMessageContaining("install Node.js");
    }
}
