/**
 * What a run can be told, each thing declared once.
 *
 * <p>A {@link dev.graft.transfer.setting.Setting} says its key, what it takes and within which bounds, what it is for, and its
 * default ({@link dev.graft.transfer.setting.FixedSetting}) or what decides it ({@link
 * dev.graft.transfer.setting.OpenSetting}). They are grouped by what they are about: {@code DataSettings}, {@code
 * BackboneSettings}, {@code HeadSettings}, {@code TuningSettings}, {@code RunSettings}. {@link
 * dev.graft.transfer.config.TransferSettings} is what somebody asked for; {@link
 * dev.graft.transfer.config.ResolvedSettings} is the same with everything decided that was left open. What shows settings to
 * people derives it all from the declarations: the options of the command line, JSON, the provenance in a bundle, what a
 * resumed run compares, {@code docs/settings.md}. What is wrong is a {@link dev.graft.SettingException} with the key.
 *
 * <p>To add one: declare it here, use it where it matters. A declaration that nothing reads fails a test.
 */
@NullMarked
package dev.graft.transfer.config;

import org.jspecify.annotations.NullMarked;
