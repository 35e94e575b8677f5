class Liar:
    def __len__(self):
        return 1 << 62

    def __getitem__(self, index):
        return 0.0


def double(x):
    return Liar()
