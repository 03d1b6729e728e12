package dev.graft.train.listen;

import dev.graft.ConsoleStream;
import dev.graft.train.History;
import dev.graft.train.Metrics;
import dev.graft.train.TrainingEvent;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import dev.graft.train.TrainingEvent.Warned;
import dev.graft.train.listen.ProgressLine.Bar;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shows training as Keras does. On a terminal each epoch has a line that is rewritten in place, with the time left while
 * it runs and the time it took at its end; elsewhere one plain line an epoch. A last line says how the phase ended and
 * which epoch was the best.
 *
 * <pre>
 * Epoch 3/10
 * 12/38 ━━━━━━────────────── 1s 45ms/step - accuracy: 0.8912 - loss: 0.3012
 * </pre>
 */
public final class ProgressBar implements Consumer<TrainingEvent> {
    private static final long SHOWN_EVERY_NANOS = 200_000_000;
    private static final int NARROWEST = 20;

    private final PrintStream out;
    /** Columns that may be used; 0 where there is no terminal. */
    private final int width;

    private final Bar bar;
    private final LongSupplier nanos;
    private String phase = "";
    private int epochs;
    private int epoch;
    private int titled;
    private int step;
    private int steps;
    private long firstStepAt;
    private long stepAt;
    private long shownAt;
    private int shownLength;

    private ProgressBar(PrintStream out, int width, Bar bar, LongSupplier nanos) {
        this.out = out;
        this.width = width;
        this.bar = bar;
        this.nanos = nanos;
    }

    /**
     * {@linkplain #live Live} if the stream is {@link System#out} or {@link System#err} and the process has a terminal, as
     * wide as the variable {@code COLUMNS} says, or 80; else {@linkplain #plain plain}.
     */
    public static ProgressBar on(PrintStream out) {
        return ConsoleStream.isTerminal(out) ? live(out, ConsoleStream.columns(System.getenv("COLUMNS"))) : plain(out);
    }

    /** One line an epoch, without control characters: for files and logs. */
    public static ProgressBar plain(PrintStream out) {
        return plain(out, System::nanoTime);
    }

    static ProgressBar plain(PrintStream out, LongSupplier nanos) {
        return new ProgressBar(out, 0, Bar.ASCII, nanos);
    }

    /**
     * A line that is rewritten in place, in ASCII where the stream's character set has no lines.
     *
     * @param columns of the terminal, at least 20; no line is longer
     */
    public static ProgressBar live(PrintStream out, int columns) {
        return live(out, columns, ConsoleStream.charset(out), System::nanoTime);
    }

    static ProgressBar live(PrintStream out, int columns, Charset charset, LongSupplier nanos) {
        if (columns < NARROWEST) {
            throw new IllegalArgumentException("a terminal has at least " + NARROWEST + " columns, got " + columns);
        }
        boolean lines = ConsoleStream.canShow(Bar.LINES.draw(2, 0.5), charset);
        // The last column stays free: some terminals go to the next line once it is written.
        return new ProgressBar(out, columns - 1, lines ? Bar.LINES : Bar.ASCII, nanos);
    }

    @Override
    public void accept(TrainingEvent event) {
        if (event instanceof Warned warned) {
            leaveLine();
            out.println("warning: " + warned.message());
        } else if (event instanceof PhaseStarted started) {
            begin(started);
        } else if (event instanceof StepDone step) {
            step(step);
        } else if (event instanceof EpochDone done) {
            epoch(EpochValues.of(phase, done));
        } else if (event instanceof PhaseDone done) {
            end(done.history());
        }
    }

    private void begin(PhaseStarted started) {
        leaveLine();
        phase = started.phase().name();
        epochs = started.phase().epochs();
        epoch = 0;
        titled = 0;
        shownAt = nanos.getAsLong() - SHOWN_EVERY_NANOS;
    }

    private void step(StepDone done) {
        long now = nanos.getAsLong();
        if (done.epoch() != epoch) {
            epoch = done.epoch();
            firstStepAt = now;
        }
        step = done.step();
        steps = done.steps();
        stepAt = now;
        if (width > 0 && now - shownAt >= SHOWN_EVERY_NANOS) {
            shownAt = now;
            title();
            List<String> metrics = metrics(EpochValues.named(done.running()));
            rewrite(new ProgressLine(ProgressText.count(step, steps), timeLeft(), metrics, List.of())
                    .running(width, bar, share()));
        }
    }

    private void epoch(EpochValues values) {
        ProgressLine line = new ProgressLine(
                ProgressText.count(step, steps),
                ProgressText.timeTaken(values.seconds(), perStep(values.seconds())),
                metrics(values.training()),
                metrics(EpochValues.prefixed("val_", values.validation())));
        if (width == 0) {
            out.println(title(values.epoch()) + " - " + line.plain());
        } else {
            title();
            List<String> lines = line.finished(width, bar, share());
            rewrite(lines.get(0));
            leaveLine();
            lines.stream().skip(1).forEach(out::println);
        }
        out.flush();
    }

    private void end(History history) {
        leaveLine();
        Metrics held = history.before().isNone() ? Metrics.none() : history.best();
        Map<String, Double> best = EpochValues.prefixed("val_", EpochValues.named(held));
        ProgressLine line = new ProgressLine(ending(history), "", List.of(), metrics(best));
        if (width == 0) {
            out.println(line.plain());
        } else {
            line.lines(width).forEach(out::println);
        }
        out.flush();
    }

    private String ending(History history) {
        int ran = history.epochs().size();
        String of = ran + " of " + epochs + (epochs == 1 ? " epoch" : " epochs");
        String why = history.stopped()
                ? "stopped on request after " + of
                : ran < epochs ? "stopped early after " + of : of + " done";
        String kept = history.before().isNone()
                ? "; no validation data, the weights of the last epoch are kept"
                : history.bestEpoch() == 0 ? "; none was better than before" : "; best is epoch " + history.bestEpoch();
        return history.phase() + ": " + why + kept;
    }

    private static List<String> metrics(Map<String, Double> values) {
        return values.entrySet().stream().map(ProgressText::metric).toList();
    }

    private double share() {
        return (double) step / Math.max(1, steps);
    }

    /** Nothing is known before the second step: the first may come long after the phase began. */
    private String timeLeft() {
        if (step < 2) {
            return "";
        }
        return ProgressText.timeLeft(perStep(0), steps - step);
    }

    /** Seconds a step without the first, which warms up; of an epoch of one step, those of the epoch. */
    private double perStep(double epochSeconds) {
        return step < 2 ? epochSeconds : (stepAt - firstStepAt) / 1e9 / (step - 1);
    }

    private String title(int number) {
        return "Epoch " + number + "/" + epochs;
    }

    /** Above the line of its epoch, once. */
    private void title() {
        if (titled != epoch) {
            titled = epoch;
            out.println(title(epoch));
        }
    }

    private void rewrite(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, shownLength - line.length())));
        out.flush();
        shownLength = line.length();
    }

    /** What comes next begins on a line of its own; a phase that failed leaves its own one open. */
    private void leaveLine() {
        if (shownLength > 0) {
            out.println();
            shownLength = 0;
        }
    }
}
