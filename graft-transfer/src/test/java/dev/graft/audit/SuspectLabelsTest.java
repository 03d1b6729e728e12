package dev.graft.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.audit.SuspectLabels.Suspect;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Planted wrong labels are found, and few others. */
class SuspectLabelsTest {
    @Test
    void plantedWrongLabelsComeFirst() {
        SplittableRandom random = new SplittableRandom(5);
        float[][] logits = new float[300][3];
        int[] labels = new int[300];
        for (int i = 0; i < 300; i++) {
            int truth = i % 3;
            for (int label = 0; label < 3; label++) {
                logits[i][label] = (float) (random.nextDouble() * 1.5 + (label == truth ? 3 : 0));
            }
            labels[i] = i % 30 == 7 ? (truth + 1) % 3 : truth;
        }
        List<Suspect> suspects = SuspectLabels.of(logits, labels);
        assertThat(suspects).hasSize(10);
        assertThat(suspects)
                .allSatisfy(suspect -> {
                    assertThat(suspect.index() % 30).isEqualTo(7);
                    assertThat(suspect.likely()).isEqualTo(suspect.index() % 3);
                    assertThat(suspect.given()).isEqualTo(labels[suspect.index()]);
                })
                .isSortedAccordingTo((a, b) ->
                        Double.compare(a.confidence() - a.likelyConfidence(), b.confidence() - b.likelyConfidence()));
    }

    /** The second is taken for another class, but no less its own than is usual there. */
    @Test
    void whatIsTakenForItsOwnClassOrAsUsualIsNoSuspect() {
        float[][] logits = {{2, 0}, {0.1f, 0}, {0.5f, 0.4f}};
        assertThat(SuspectLabels.of(logits, new int[] {0, 1, 0})).isEmpty();
        assertThat(SuspectLabels.of(new float[0][], new int[0])).isEmpty();
        assertThatThrownBy(() -> SuspectLabels.of(logits, new int[2])).isInstanceOf(IllegalArgumentException.class);
    }
}
