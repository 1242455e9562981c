using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>To which process a thread belongs and what it is called, asked of /proc once a second at most. For one thread.</summary>
internal sealed class ProcessNames(NameTable names)
{
    private const int Bound = 16_384;
    private readonly Dictionary<int, Entry> _entries = [];

    /// <summary>The process and the thread's name.</summary>
    /// <param name="thread">The thread's id.</param>
    /// <param name="now">The event's time.</param>
    /// <returns>What was known last where the thread has ended; nothing where it was never seen.</returns>
    internal (int ProcessId, NameId Name) Find(int thread, Timestamp now)
    {
        if (thread <= 0)
            return default;
        bool known = _entries.TryGetValue(thread, out var entry);
        if (known && now - entry.Read < Duration.FromSeconds(1))
            return (entry.ProcessId, entry.Name);
        if (Ask(thread) is var (process, name))
            entry = new Entry(process, name, now);
        else if (known)
            entry = entry with { Read = now };
        else
            return default;
        if (_entries.Count >= Bound)
            _entries.Clear();
        _entries[thread] = entry;
        return (entry.ProcessId, entry.Name);
    }

    // "Name:	python3\n … Tgid:	4711\n": the name comes first, with \n and \ escaped by the kernel.
    private (int ProcessId, NameId Name)? Ask(int thread)
    {
        using var file = FileDescriptor.Open($"/proc/{thread}/status", FileDescriptor.ReadOnly, out _);
        Span<byte> text = stackalloc byte[512];
        int length = file?.Read(text) ?? 0;
        if (length <= 0)
            return null;
        text = text[..length];
        int end = text.IndexOf((byte)'\n'), tab = text.IndexOf((byte)'\t');
        int group = text.IndexOf("\nTgid:\t"u8);
        if (tab < 0 || tab > end || group < 0 || !System.Buffers.Text.Utf8Parser.TryParse(text[(group + 7)..], out int process, out _))
            return null;
        Span<char> name = stackalloc char[128];
        var comm = text[(tab + 1)..end];
        int count = Encoding.UTF8.GetChars(comm[..Math.Min(comm.Length, name.Length)], name);
        return (process, names.Intern(name[..count]));
    }

    private readonly record struct Entry(int ProcessId, NameId Name, Timestamp Read);
}
