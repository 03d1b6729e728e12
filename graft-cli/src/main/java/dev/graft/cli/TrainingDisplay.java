package dev.graft.cli;

import dev.graft.Numbers;
import dev.graft.train.History;
import dev.graft.train.Phase;
import dev.graft.train.TrainingEvent;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import dev.graft.train.TrainingEvent.Warned;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.TransferEvent.Pass;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.OpenStore;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.phase.WeightsChosen;
import dev.graft.transfer.plan.Planned;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows a run while it goes on: the plan, a bar for the frozen pass, a line an epoch. */
final class TrainingDisplay implements Consumer<TransferEvent> {
    private static final int LINES_A_PHASE = 12;
    private static final double SLOW_EPOCH_SECONDS = 1;

    private final Terminal terminal;
    private final PlanDisplay plan;
    private final TransferSettings settings;
    private int phases;
    private boolean extraction;
    private volatile boolean lost;
    private @Nullable Progress progress;
    private @Nullable Phase phase;

    /** Shows what is about to be done. */
    interface PlanDisplay {
        /** @param cacheLost whether nothing more can be kept, which was said by then */
        void show(Planned planned, boolean cacheLost);
    }

    TrainingDisplay(Terminal terminal, PlanDisplay plan, TransferSettings settings) {
        this.terminal = terminal;
        this.plan = plan;
        this.settings = settings;
    }

    @Override
    public void accept(TransferEvent event) {
        if (event instanceof Planned planned) {
            plan.show(planned, lost);
        } else if (event instanceof TransferEvent.Noted noted) {
            terminal.line(Text.printable(Failures.ours(noted.note())));
        } else if (event instanceof TransferEvent.PassStarted started) {
            passStarted(started);
        } else if (event instanceof TransferEvent.FrozenPass pass) {
            frozenPass(pass);
        } else if (event instanceof TransferEvent.CacheLost gone) {
            cacheLost(gone);
        } else if (event instanceof TransferEvent.PhaseBegun begun) {
            terminal.line(terminal.bold("Phase " + ++phases + ", " + begun.phase()));
        } else if (event instanceof TransferEvent.Training training) {
            training(training.event());
        } else if (event instanceof TransferEvent.HeadSolved solved) {
            solved(solved);
        } else if (event instanceof WeightsChosen chosen) {
            chosen(chosen.choice());
        }
    }

    private void solved(TransferEvent.HeadSolved solved) {
        String how = solved.regularisation().stream()
                .mapToObj(strength -> ", regularisation " + Numbers.text(strength))
                .findFirst()
                .orElse("");
        terminal.line(Text.format(
                "  %s solved in %s%s (val_loss %.4f, val_accuracy %.3f)",
                solved.head().name(),
                Text.seconds(solved.seconds()),
                how,
                solved.validation().loss(),
                solved.validation().accuracy()));
    }

    private void chosen(WeightInterpolation choice) {
        Table table = Table.of("fine-tuned share", "val_loss", "val_accuracy");
        for (WeightInterpolation.Candidate candidate : choice.candidates()) {
            table.row(
                    Text.percent(candidate.share()),
                    Text.format("%.4f", candidate.loss()),
                    Text.format("%.3f", candidate.accuracy()));
        }
        table.print(terminal, "  ");
        String gain = Text.format("%.4f, standard error %.4f", choice.gain(), choice.error());
        terminal.line(
                choice.isSimple()
                        ? "  the head alone is kept: fine-tuning gains no more than the noise (" + gain + ")"
                        : "  weights with " + Text.percent(choice.kept())
                                + " of the fine-tuned ones are kept: they gain " + gain);
    }

    private void training(TrainingEvent event) {
        if (event instanceof Warned warned) {
            terminal.line("  warning: " + warned.message());
        } else if (event instanceof PhaseStarted started) {
            phase = started.phase();
            progress = new Progress(terminal, "  epoch 1/" + started.phase().epochs());
        } else if (event instanceof StepDone step) {
            step(step);
        } else if (event instanceof EpochDone epoch && phase != null) {
            epoch(epoch, phase);
            progress = new Progress(terminal, "  epoch " + (epoch.epoch().number() + 1) + "/" + phase.epochs());
        } else if (event instanceof PhaseDone done) {
            progress = null;
            terminal.line(ending(done.history()));
        }
    }

    private void passStarted(TransferEvent.PassStarted started) {
        extraction = started.phase().equals(TransferEvent.EXTRACTION);
        progress = new Progress(terminal, extraction ? "looking at the pictures" : "  results of the frozen layers");
        if (!extraction && started.pass() == Pass.NOT_KEPT && !settings.get(RunSettings.NO_CACHE) && !lost) {
            terminal.line("  what the frozen layers give takes " + Text.bytes(started.bytes())
                    + ", more than the cache may hold (" + Text.bytes(OpenStore.capacity(settings))
                    + "): they run in every epoch, which is slow; raise it with --cache-size GB");
        }
    }

    /** Once, although each phase finds out. */
    private void cacheLost(TransferEvent.CacheLost event) {
        if (!lost) {
            terminal.error("graft: " + Text.printable(Failures.ours(event.message())));
        }
        lost = true;
    }

    private void frozenPass(TransferEvent.FrozenPass pass) {
        Progress current = progress;
        if (current == null) {
            return;
        }
        current.at(pass.done(), pass.total());
        if (pass.done() == pass.total()) {
            double seconds = current.seconds();
            int given = pass.total() - pass.unreadable();
            String what = (extraction
                            ? "Looked at " + Text.count(pass.total(), "picture", "pictures")
                            : "  the frozen layers")
                    + (extraction ? ", the frozen layers" : "") + " gave " + Text.count(given, "result", "results")
                    + ", "
                    + Text.count(given - pass.computed()) + " of them from the cache";
            terminal.line(what + ", in " + Text.seconds(seconds) + " (" + Progress.rate(pass.total() / seconds) + ")");
            progress = null;
        }
    }

    private void step(StepDone step) {
        if (terminal.interactive() && progress != null && progress.seconds() > SLOW_EPOCH_SECONDS) {
            String sofar = Text.format(
                    "  loss %.4f  accuracy %.3f",
                    step.running().loss(), step.running().accuracy());
            progress.at(step.step(), step.steps(), sofar);
        }
    }

    /** Every epoch where lines are kept; on a terminal quick ones are shown in place and every k-th stays. */
    private void epoch(EpochDone done, Phase current) {
        String line = line(done.epoch(), current.epochs())
                + (done.best() && !current.keepsLast() ? " " + terminal.green("*best") : "");
        int every = done.epoch().seconds() > SLOW_EPOCH_SECONDS ? 1 : Math.max(1, current.epochs() / LINES_A_PHASE);
        int number = done.epoch().number();
        if (!terminal.interactive() || number % every == 0 || number == 1 || number == current.epochs()) {
            terminal.line(line);
        } else {
            terminal.status(line);
        }
    }

    static String line(History.Epoch epoch, int epochs) {
        int digits = Integer.toString(epochs).length();
        return Text.format(
                "  epoch %" + digits + "d/%d  loss %.4f  accuracy %.3f  val_loss %.4f  val_accuracy %.3f  %s",
                epoch.number(),
                epochs,
                epoch.training().loss(),
                epoch.training().accuracy(),
                epoch.validation().loss(),
                epoch.validation().accuracy(),
                Text.seconds(epoch.seconds()));
    }

    private String ending(History history) {
        String why = history.stopped()
                ? "stopped after "
                : phase != null && history.epochs().size() < phase.epochs()
                        ? "the validation loss no longer falls: ended early after "
                        : "done after ";
        String best = history.bestEpoch() == 0
                ? "the weights from before are kept, as no epoch lowered the validation loss"
                : "the weights of epoch " + history.bestEpoch() + " are kept";
        return Text.format(
                "  %s%s; %s (val_loss %.4f, val_accuracy %.3f)",
                why,
                Text.count(history.epochs().size(), "epoch", "epochs"),
                best,
                history.best().loss(),
                history.best().accuracy());
    }
}
