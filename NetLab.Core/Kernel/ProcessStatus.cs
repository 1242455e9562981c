using System.Buffers.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What /proc/PID/status says of a process: its name and the user as whom it runs (proc(5)).</summary>
internal static class ProcessStatus
{
    /// <summary>Reads both.</summary>
    /// <param name="process">The process.</param>
    /// <param name="name">Its name goes here, with \n and \ escaped by the kernel; at least 512 bytes.</param>
    /// <param name="user">Its effective user id.</param>
    /// <returns>The name's length; 0 when the process has ended.</returns>
    internal static int Read(int process, Span<byte> name, out uint user)
    {
        user = 0;
        using var file = FileDescriptor.Open($"/proc/{process}/status", FileDescriptor.ReadOnly, out _);
        int length = file?.Read(name) ?? 0;
        return length <= 0 ? 0 : Parse(name[..length], out user);
    }

    // "Name:	python3\n … Uid:	0	0	0	0\n": the name comes first, the user ids are real, effective, saved, of the file system.
    internal static int Parse(Span<byte> text, out uint user)
    {
        user = 0;
        int end = text.IndexOf((byte)'\n'), tab = text.IndexOf((byte)'\t');
        if (tab < 0 || tab > end)
            return 0;
        int ids = text.IndexOf("\nUid:\t"u8);
        if (ids >= 0)
        {
            ReadOnlySpan<byte> rest = text[(ids + 6)..];
            user = Utf8Parser.TryParse(rest[(rest.IndexOf((byte)'\t') + 1)..], out uint effective, out _) ? effective : 0;
        }

        var name = text[(tab + 1)..end];
        name.CopyTo(text);
        return name.Length;
    }
}
