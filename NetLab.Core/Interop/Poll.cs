using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>What to wait for on a descriptor, and what came of it (poll(2)'s events).</summary>
[Flags]
public enum PollEvents : short
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>POLLIN: a read would not wait.</summary>
    Readable = 0x01,

    /// <summary>POLLOUT: a write would not wait.</summary>
    Writable = 0x04,

    /// <summary>POLLERR: an error stands on the descriptor.</summary>
    Error = 0x08,

    /// <summary>POLLHUP: the other end is gone.</summary>
    HangUp = 0x10,

    /// <summary>POLLNVAL: the descriptor is not open.</summary>
    Invalid = 0x20,
}

/// <summary>One descriptor to wait for (<c>struct pollfd</c>).</summary>
/// <param name="descriptor">The descriptor; a negative one is passed over.</param>
/// <param name="wanted">What to wait for; errors and hang-ups are always reported.</param>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry(int descriptor, PollEvents wanted)
{
    /// <summary>The descriptor; a negative one is passed over.</summary>
    public int Descriptor = descriptor;

    /// <summary>What to wait for.</summary>
    public PollEvents Wanted = wanted;

    /// <summary>What came.</summary>
    public PollEvents Came;
}

/// <summary>Waiting for several descriptors at once.</summary>
public static partial class Poll
{
    /// <summary>Waits until something comes, the time is over or a signal interrupts.</summary>
    /// <param name="entries">The descriptors; their <see cref="PollEntry.Came"/> is filled in.</param>
    /// <param name="timeout">At most this long, rounded up to milliseconds; a negative one waits for ever.</param>
    /// <returns>How many descriptors have news; 0 when the time was over or a signal came.</returns>
    /// <exception cref="IOException">The kernel refused (no memory, too many descriptors).</exception>
    public static int Wait(Span<PollEntry> entries, TimeSpan timeout)
    {
        int milliseconds = timeout < TimeSpan.Zero ? -1 : (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);
        int count = poll(entries, (nuint)entries.Length, milliseconds);
        if (count >= 0) return count;
        int error = Marshal.GetLastPInvokeError();
        if (error != Tty.EINTR) throw new IOException($"poll failed with errno {error}.");
        foreach (ref PollEntry entry in entries) entry.Came = PollEvents.None;
        return 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Span<PollEntry> entries, nuint count, int milliseconds);
}
