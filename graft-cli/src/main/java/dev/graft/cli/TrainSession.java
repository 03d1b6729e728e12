package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.Numbers;
import dev.graft.Sha256;
import dev.graft.bundle.Bundle;
import dev.graft.train.ResumeFolder;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.resume.ResumeSettings;
import dev.graft.transfer.run.RegressionReport;
import dev.graft.transfer.run.TransferResult;
import dev.graft.transfer.run.TransferRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One run of training as a user sees it: checked beforehand, shown while it goes on, saved, summed up. */
final class TrainSession {
    private static final String RESUME = ".resume";
    private static final int LONGEST_NAME = 255;
    private static final int HASH_DIGITS = 8;

    private final Terminal terminal;
    private final TransferSettings settings;
    private final Path target;
    private final @Nullable Path json;
    private @Nullable ResumeSettings resuming;
    private int exitCode;

    /**
     * Prepares a run.
     *
     * @param target where the bundle goes
     * @param json where the report goes, or null for none
     */
    TrainSession(Terminal terminal, TransferSettings settings, Path target, @Nullable Path json) {
        this.terminal = terminal;
        this.settings = settings;
        this.target = target;
        this.json = json;
    }

    /**
     * Keeps what is needed to go on, beside the target.
     *
     * @param resumes whether to go on with what is there, rather than starting over
     */
    TrainSession resuming(boolean resumes) {
        ResumeSettings fresh = ResumeSettings.in(resumeFolder(target));
        resuming = resumes ? fresh.resuming() : fresh;
        return this;
    }

    /** Beside the model; of its name, shortened where a file system would not take what is longer. */
    static Path resumeFolder(Path target) {
        String name = String.valueOf(target.getFileName());
        if (bytes(name) + RESUME.length() <= LONGEST_NAME) {
            return target.resolveSibling(name + RESUME);
        }
        String end = "-" + Sha256.of(name).substring(0, HASH_DIGITS) + ".graft" + RESUME;
        String start = name;
        while (bytes(start) + end.length() > LONGEST_NAME) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return target.resolveSibling(start + end);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Trains, saves and reports.
     *
     * @throws GraftException if something is in the way; before anything is trained where that can be told
     */
    TransferResult run() {
        boolean replaces = Files.exists(target);
        StopSignal stop = StopSignal.listen(terminal);
        TrainingDisplay display = new TrainingDisplay(
                terminal,
                (plan, lost) -> new PlanText(plan.settings(), target, replaces, lost).print(terminal, plan.plan()),
                settings);
        ResumeSettings kept = resuming;
        boolean givenUp = kept != null && !kept.resumes() && Files.exists(kept.folder());
        if (givenUp) {
            terminal.line("An interrupted run is there; --resume would have gone on with it, this one starts over.");
        }
        TransferResult result = train(kept, display, stop);
        Bundle bundle = result.bundle();
        bundle.write(target);
        new ResultText(terminal, target).print(result);
        TransferResult.Failure failure = result.failure();
        if (kept != null && !result.stopped() && (failure == null || failure.isDivergence())) {
            ResumeFolder.at(kept.folder()).remove();
        } else if (kept != null && Files.exists(kept.folder())) {
            terminal.line("It can go on where it was stopped: the same command with --resume.");
        }
        ObjectNode comparison = compare(result, bundle, stop);
        if (json != null) {
            ObjectNode report = TrainJson.of(result, target);
            if (comparison != null) {
                report.set("comparison", comparison);
            }
            JsonFile.write(terminal, json, report.put("stopped", stop.getAsBoolean()));
        }
        exitCode = stop.exitCode();
        if (failure != null) {
            exitCode = exitCode == 0 ? Main.FAILED : exitCode;
            terminal.error("graft: " + failureLine(failure, result));
        }
        return result;
    }

    private TransferResult train(@Nullable ResumeSettings kept, TrainingDisplay display, StopSignal stop) {
        try {
            return kept == null
                    ? TransferRun.run(settings, display, stop)
                    : TransferRun.run(settings, kept, display, stop);
        } catch (GraftException e) {
            throw stop.getAsBoolean() ? new StopSignal.Ended(stop, e) : e;
        }
    }

    /** What was left out and why, and what was saved. */
    private String failureLine(TransferResult.Failure failure, TransferResult result) {
        String saved = "; " + Text.path(target) + " is saved with the weights of before"
                + (result.phases().size() == 1 ? ", which are the head's" : "");
        return failure.cause() instanceof DivergedException diverged
                ? failure.phase() + " diverged and is left out: " + Text.printable(diverged.reason())
                        + " at a learning rate of " + Numbers.text(failure.learningRate()) + saved
                        + ". Lower --fine-tune-lr"
                : failure.phase() + " failed and is left out: "
                        + Failures.message(failure.cause(), "train", GraftHome.get()) + saved;
    }

    /** Shows what the old model, which may be replaced by now, and the new one say; null where there is none, or no time. */
    private @Nullable ObjectNode compare(TransferResult result, Bundle bundle, StopSignal stop) {
        if (!(settings.get(BackboneSettings.BACKBONE) instanceof PreviousModel old) || stop.getAsBoolean()) {
            return null;
        }
        Progress progress = new Progress(terminal, "  answers of both models");
        int answers = 2
                * result.parts().testPart().orElse(result.parts().validation()).size();
        RegressionReport comparison = RegressionReport.of(old, result, bundle, done -> progress.at(done, answers));
        RegressionText text = new RegressionText(old, result.plan().classes(), comparison);
        text.print(terminal);
        return text.json();
    }

    /** 0, or that of a process which a signal ended. */
    int exitCode() {
        return exitCode;
    }

    boolean stopped() {
        return exitCode != 0;
    }
}
