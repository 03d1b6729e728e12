package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit",
                "advise",
                "train",
                "find-rate",
                "evaluate",
                "predict",
                "summary",
                "export",
                "models",
                "demo"
            })
    void everyCommandExplainsItself(String command) {
        Cli help = Cli.run(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("Usage: graft " + command)
                .contains("Example")
                .contains("graft " + command);
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(help.err()).isEmpty();
    }

    @Test
    void graftAloneShowsTheCommandsAsWrongUsage() {
        Cli alone = Cli.run();
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("train", "evaluate", "predict", "summary", "export", "models", "demo");
        assertThat(alone.err()).doesNotContain("warm-up");
        assertThat(Cli.run("--help").code()).isZero();
    }

    @Test
    void defaultsInTheHelpAreThoseOfTheLibrary() {
        assertThat(Cli.run("train", "--help").out().replaceAll("\\s+", " "))
                .contains("Pictures a step (default: 32)")
                .contains("goes first (default: 20)");
    }

    @Test
    void tellsTheVersion() {
        Cli version = Cli.run("--version");
        assertThat(version.code()).isZero();
        assertThat(version.out()).matches("graft \\d+\\.\\d+\\.\\d+\\S*\\RJava .+, .+\\R");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    trian x                               | unknown command 'trian'; did you mean train?
                    train x --epoch 3                     | unknown option '--epoch'; did you mean --epochs
                    train                                 | Missing required parameter: 'FOLDER'
                    train --bogus                         | unknown option '--bogus'
                    train --epohcs 3                      | unknown option '--epohcs'; did you mean --epochs?
                    evaluate --jason=x                    | unknown option '--jason=x'; did you mean --json?
                    models pul resnet18                   | unexpected argument 'pul'; did you mean pull?
                    train x --epochs many                 | graft: --epochs: 'many' is no whole number
                    train x --epochs 0                    | say --no-head-first if that is wanted
                    train x --fine-tune-epochs -1         | --fine-tune-epochs: expected at least 0, got -1
                    train x --image-size 0                | --image-size: expected at least 1, got 0
                    train x --batch 0                     | --batch: expected at least 1, got 0
                    train x --views 0                     | --views: expected at least 1, got 0
                    train x --threads 0                   | --threads: expected at least 1, got 0
                    train x --lr 0                        | --lr: expected a learning rate above 0, got 0
                    train x --lr NaN                      | --lr: 'NaN' is no number, such as 0.5 or 1e-4
                    train x --head logistc                | did you mean 'logistic'?
                    train x --head svm --lr 0.1           | 'svm' is solved at once
                    train x --head knn --hidden 3         | --hidden goes with --head dense, not with knn
                    train x --head dense --hidden 0       | --hidden: expected units of at least 1
                    train x --head mean --no-head-first   | --no-head-first: a head of kind 'mean' is solved
                    train x --regularisation 0            | --regularisation: expected a number above 0
                    train x --pooling maximum             | --pooling: expected features, average, max, flatten
                    train x --recipe best                 | --recipe: expected auto, head, last, full, classic
                    train x --recipe head --unfreeze all  | --recipe head has no second phase
                    train x --unfreeze all --fine-tune-epochs 0 | nothing would train there
                    train x --no-head-first --fine-tune-epochs 0 | --no-head-first: without a first phase, there
                    train x --batch-norm moved            | expected statistics-frozen, frozen, moving, got 'moved'
                    train x --rate 3                      | graft: --rate: expected LAYER=X
                    train x --rate head=0                 | --rate: 'head': expected a learning rate above 0
                    train x --rate =1                     | --rate: expected the name of a layer
                    train x --layer-decay 2               | --layer-decay: expected above 0 and at most 1, got 2
                    train x --schedule cosin              | did you mean 'cosine'?
                    train x --schedule one-cycle --warm-up 0.1 | --warm-up: a one-cycle schedule warms up
                    train x --warm-up 1                   | --warm-up: expected a share
                    train x --clip-norm -1                | --clip-norm: expected 0 or more
                    train x --accumulate 0                | --accumulate: expected at least 1, got 0
                    train x --ema 1                       | graft: --ema: expected a share
                    train x --patience 0                  | --patience: expected at least 1
                    train x --label-smoothing 1           | --label-smoothing: expected a share
                    train x --test-split 0.9              | --test-split: expected a share
                    train x --cache-size 0                | --cache-size: expected gigabytes above 0
                    train x --model mobilnet_v3_small     | '--model': no backbone 'mobilnet_v3_small'
                    evaluate x.graft                      | Missing required parameter: 'FOLDER'
                    evaluate x.graft y --threads 0        | --threads: expected 1 to 1024, got 0
                    evaluate x.graft y --threads 1025     | --threads: expected 1 to 1024, got 1025
                    predict x.graft                       | Missing required parameter: 'IMAGE
                    predict x.graft y --top 0             | --top: expected at least 1, got 0
                    summary                               | give either a MODEL.graft or --model NAME
                    summary x.graft --model resnet18      | give either a MODEL.graft or --model NAME
                    summary x.graft --classes 3           | --classes and --image-size go with --model only
                    summary --model resnet18 --classes 1  | expected at least 2 --classes
                    summary --model nope                  | '--model': no backbone 'nope'
                    summary --model resnet18 --image-size 5000 | --image-size: picture size must be 1 to 4096
                    summary --model vit_b_16 --image-size 17 | --image-size: vit_b_16: expected square pictures
                    audit x --model nope                  | '--model': no backbone 'nope'
                    export --model nope --onnx x          | '--model': no backbone 'nope'
                    export --model resnet18 --image-size 5000 --onnx x.onnx | --image-size: picture size
                    models pull nope                      | (NAME): no backbone 'nope'
                    models pull resnet5                   | did you mean 'resnet50'?
                    find-rate x --steps 2147483647        | --steps: expected 10 to 10000, got 2147483647
                    find-rate x --from 1 --to 0.1         | graft: --from, --to: rates are tried from one above
                    find-rate x --no-head-first           | --no-head-first leaves out the phase whose rate
                    models extra                          | unexpected argument 'extra'
                    """, maxCharsPerColumn = 200, ignoreLeadingAndTrailingWhitespace = true)
    void wrongUsageIsToldInALine(String command, String message) {
        Cli wrong = Cli.run((Object[]) command.split(" "));
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        List<String> lines = wrong.err().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("graft: ").contains(message);
        assertThat(lines.get(1)).startsWith("See 'graft").endsWith("--help'.");
    }

    @Test
    void modelsAreListedWithTheirLicence() {
        Cli models = Cli.run("models");
        assertThat(models.code()).isZero();
        assertThat(models.out()).contains("mobilenet_v3_small (default)", "1,517,856", "224x224", "Apache-2.0");
    }

    @Test
    void modelsSaysWhichAreHere() {
        List<String> rows = Cli.run("models").out().lines().toList();
        assertThat(rows)
                .filteredOn(row -> row.matches(".* packed  +ImageNet.*"))
                .singleElement()
                .asString()
                .startsWith("mobilenet_v3_small (default)");
        // Without the classifier of the old classes, and without batch statistics.
        assertThat(rows)
                .anySatisfy(
                        row -> assertThat(row)
                                .matches(
                                        "resnet18 +11,176,512 +1\\.81 +69\\.8 +224x224 +46\\.9 MB +no +ImageNet-1k +BSD-3-Clause \\(torchvision\\)"));
        assertThat(rows)
                .anySatisfy(
                        row -> assertThat(row)
                                .matches(
                                        "xception +20,806,952 +\\d\\.\\d\\d +79\\.0 +299x299 +91\\.9 MB +no +ImageNet-1k +MIT \\(Keras\\)"));
    }

    @Test
    void summaryNeedsNoWeights() {
        Cli summary = Cli.run("summary", "--model", "resnet18", "--classes", "10");
        assertThat(summary.code()).isZero();
        // 11,181,642 weights that train, and 9,600 statistics.
        assertThat(summary.out())
                .contains("layer4.1.conv2 (Conv2D)", "Total params: 11,191,242", "Trainable params: 5,130");
    }

    @Test
    void trainingWithoutTheWeightsSaysHowToGetThem(@TempDir Path folder) throws IOException {
        Drawings.folder(folder, 5);
        Cli train = Cli.run("train", folder, "--model", "vgg16");
        assertThat(train.code()).isEqualTo(1);
        assertThat(train.err())
                .contains(
                        "vgg16: its weights are not here; fetch them with 'graft models pull vgg16', or put the file"
                                + " vgg16-397923af.pth of torchvision here as ",
                        "--weights FILE");
    }

    @Test
    void summaryOfABackboneHasItsHead() {
        Cli summary = Cli.run("summary", "--model", "mobilenet_v3_small", "--classes", "5", "--image-size", "128");
        assertThat(summary.code()).isZero();
        // 1024 features and a bias for each of five classes
        assertThat(summary.out()).contains("head (Dense)").contains("Trainable params: 5,125");
    }

    @Test
    void summaryIsAsciiWhereThereAreNoLinesForTables() {
        String[] command = {"summary", "--model", "mobilenet_v3_small", "--image-size", "128"};
        String boxed = Cli.run((Object[]) command).out();
        assertThat(boxed).contains("┏", "head (Dense)");
        // Code page 850 has some of the lines and not all: a table is drawn in one kind or the other.
        for (String charset : new String[] {"US-ASCII", "IBM850"}) {
            Cli summary = Cli.in(Charset.forName(charset), (Object[]) command);
            assertThat(summary.code()).isZero();
            assertThat(summary.out()).isASCII().doesNotContain("?").contains("head (Dense)", "Trainable params: 2,050");
            assertThat(summary.out().lines().count()).isEqualTo(boxed.lines().count());
        }
    }
}
