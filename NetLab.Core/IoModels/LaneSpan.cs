namespace NetLab.Core.IoModels;

/// <summary>A stretch of one lane in which it did one thing.</summary>
/// <param name="Phase">What it did.</param>
/// <param name="Call">Within which call, or after which when it is <see cref="LanePhase.Processing"/>.</param>
/// <param name="From">When it began; nanoseconds of the race's clock.</param>
/// <param name="To">When it ended.</param>
/// <param name="Calls">How many calls it stands for: 1, or how often it was asked in vain; 0 for a part of a call whose end is the next span.</param>
/// <param name="Result">What the last call gave: a number of bytes or of descriptors, or the negative errno.</param>
public readonly record struct LaneSpan(LanePhase Phase, IoCall Call, long From, long To, long Calls, long Result);
