using NetLab.Core;

namespace NetLab.Tests.Kernel;

internal static class KernelEvents
{
    /// <summary>Everything in the journal, in order of time.</summary>
    internal static List<LabEvent> Drain(Journal journal)
    {
        var events = new List<LabEvent>();
        var reader = journal.OpenReader();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            events.Add(entry);
        return events;
    }
}
