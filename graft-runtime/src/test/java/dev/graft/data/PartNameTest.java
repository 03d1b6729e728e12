package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "Training",
                "TRAIN",
                "train_set",
                "trainset",
                "train-images",
                "1_train",
                "01-train",
                "TrainImages",
                "training data",
                "trn",
                "train2014",
                "traindata",
                "img_train"
            })
    void trainingParts(String name) {
        assertThat(PartName.of(name)).contains(PartName.TRAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"val", "Valid", "validation", "dev", "eval", "valset", "val_images", "2_val", "Validation Set"})
    void validationParts(String name) {
        assertThat(PartName.of(name)).contains(PartName.VALIDATION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"test", "TEST", "testing", "tst", "holdout", "hold_out", "Hold-Out", "testset", "test1", "3_test"
            })
    void testParts(String name) {
        assertThat(PartName.of(name)).contains(PartName.TEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "trains",
                "bullet train",
                "train station",
                "test tube",
                "contest",
                "attest",
                "valley",
                "Valentine",
                "trainer",
                "device",
                "evaluation form",
                "images",
                "set",
                "latest",
                "강아지",
                "train_val",
                "1",
                "dog"
            })
    void others(String name) {
        assertThat(PartName.of(name)).isEmpty();
    }

    @Test
    void besideOneAnotherTheRestMayBeTheSame() {
        assertThat(PartName.among(List.of("seg_train", "seg_test", "seg_pred")))
                .isEqualTo(Map.of("seg_train", PartName.TRAIN, "seg_test", PartName.TEST));
        assertThat(PartName.among(List.of("bullet train", "test tube", "car"))).isEmpty();
        assertThat(PartName.among(List.of("flowers-test", "flowers-val"))).isEmpty();
    }
}
