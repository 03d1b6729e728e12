package dev.graft.transfer.config;

import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run is asked for: a folder of pictures, and settings where they are to be other than usual. Immutable.
 *
 * <pre>{@code
 * TransferSettings settings = TransferSettings.of(Path.of("flowers"))
 *         .with(TuningSettings.UNFREEZE, Unfreezing.all())
 *         .with(TuningSettings.LEARNING_RATE, 1e-5);
 * }</pre>
 */
public final class TransferSettings {
    private final Path folder;
    private final Map<Setting<?>, Object> asked;
    /** Where values are looked for, one after the other. */
    private final List<Map<Setting<?>, Object>> sources;

    private TransferSettings(Path folder, Map<Setting<?>, Object> asked) {
        this.folder = folder;
        this.asked = asked;
        this.sources = List.of(
                asked,
                get(asked, BackboneSettings.BACKBONE).presets(),
                get(asked, RunSettings.RECIPE).presets(),
                SettingRules.presets(asked));
    }

    /** Nothing but the pictures: one subfolder a class, or {@code train}, {@code val} and {@code test} folders of that form. */
    public static TransferSettings of(Path folder) {
        return new TransferSettings(folder, Map.of());
    }

    /** All settings there are, in the order in which people are told of them. */
    public static List<Setting<?>> all() {
        return Declarations.ALL;
    }

    public Path folder() {
        return folder;
    }

    /**
     * The same with a setting.
     *
     * @throws dev.graft.SettingException if the value is out of bounds, or does not go with the others
     */
    public <T> TransferSettings with(Setting<T> setting, T value) {
        Map<Setting<?>, Object> more = new LinkedHashMap<>(asked);
        more.put(setting, setting.checked(value));
        TransferSettings settings = new TransferSettings(folder, more);
        SettingRules.check(settings);
        return settings;
    }

    /** The same where that is not asked for. */
    public TransferSettings without(Setting<?> setting) {
        Map<Setting<?>, Object> fewer = new LinkedHashMap<>(asked);
        fewer.remove(setting);
        return new TransferSettings(folder, fewer);
    }

    /** What was asked for, in order. */
    public Set<Setting<?>> asked() {
        return asked.keySet();
    }

    /** Whether it was asked for. */
    public boolean asks(Setting<?> setting) {
        return asked.containsKey(setting);
    }

    /** What was asked for or, of a setting that has one, the default. */
    public <T> T get(FixedSetting<T> setting) {
        return find(setting).orElse(setting.standard());
    }

    /** What was asked for, else what the backbone or the recipe says of itself, else nothing. */
    public <T> Optional<T> find(Setting<T> setting) {
        return sources.stream()
                .map(values -> find(values, setting))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The same; null for nothing. */
    public <T> @Nullable T orNull(OpenSetting<T> setting) {
        return find(setting).orElse(null);
    }

    static <T> T get(Map<Setting<?>, Object> values, FixedSetting<T> setting) {
        return find(values, setting).orElse(setting.standard());
    }

    /** Only {@link #with} puts values in, each of its setting's type. */
    @SuppressWarnings("unchecked")
    private static <T> Optional<T> find(Map<Setting<?>, Object> values, Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /** Whether there may be a phase after the head's: nobody asked for 0 epochs of it. */
    public boolean isTuned() {
        return find(TuningSettings.EPOCHS).orElse(1) > 0;
    }

    /** Whether random views differ from the plain one. */
    boolean isAugmented() {
        return !get(RunSettings.AUGMENT).transforms().isEmpty();
    }

    /** How many views of each picture the head is trained on. */
    public int headViews() {
        return isAugmented() ? find(RunSettings.VIEWS).orElse(1) : 1;
    }

    /** A value in JSON; {@code auto} of what is open. */
    static <T> Object json(TransferSettings settings, Setting<T> setting) {
        Optional<T> value =
                setting instanceof FixedSetting<T> fixed ? Optional.of(settings.get(fixed)) : settings.find(setting);
        return value.map(setting.kind().json()).orElse("auto");
    }

    /**
     * What decides the weights that come out, as numbers, booleans, texts, lists and maps by the keys of the settings with
     * underscores: what a bundle keeps, and a resumed run must have.
     */
    public Map<String, Object> describe() {
        Map<String, Object> described = new LinkedHashMap<>();
        all().stream()
                .filter(Setting::decidesWeights)
                .forEach(setting -> described.put(name(setting), json(this, setting)));
        return described;
    }

    /** All settings likewise, those also that say where and how a run works; null of what is unset. */
    public Map<String, Object> describeAll() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("folder", folder.toString());
        List<Setting<?>> open = new ArrayList<>();
        all().forEach(setting -> {
            boolean unset = setting instanceof OpenSetting<?> && find(setting).isEmpty();
            if (!unset || setting.decidesWeights()) {
                described.put(name(setting), json(this, setting));
            } else {
                open.add(setting);
            }
        });
        open.forEach(setting -> described.put(name(setting), null));
        return described;
    }

    private static String name(Setting<?> setting) {
        return setting.key().replace('-', '_');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TransferSettings settings
                && settings.folder.equals(folder)
                && settings.asked.equals(asked);
    }

    @Override
    public int hashCode() {
        return 31 * folder.hashCode() + asked.hashCode();
    }

    @Override
    public String toString() {
        return folder + " " + asked;
    }
}
