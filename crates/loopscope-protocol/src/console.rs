//! The state of tokio-console's listener, and the words for it.

/// The state of tokio-console's listener.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsoleState {
    /// It was not asked for.
    #[default]
    Off,
    /// It can be attached.
    Listening {
        /// Where.
        address: String,
        /// From this machine only.
        private: bool,
        /// How many are attached.
        attached: usize,
    },
    /// It cannot be attached: the sentence says why, and what to do.
    Failed(String),
}

impl ConsoleState {
    /// A few words for the top row.
    pub fn words(&self, wide: bool) -> String {
        match self {
            Self::Off => "tokio-console off".to_owned(),
            Self::Failed(_) => "tokio-console failed".to_owned(),
            Self::Listening {
                address,
                private,
                attached,
            } => {
                let open = if *private { "" } else { " OPEN TO THE NETWORK" };
                // Where the title needs the room, this machine goes without saying.
                let address = match address.strip_prefix("127.0.0.1") {
                    Some(port) if !wide => port,
                    _ => address.as_str(),
                };
                match attached {
                    0 => format!("tokio-console {address}{open}"),
                    attached => format!("tokio-console {attached} attached{open}"),
                }
            }
        }
    }

    /// What to type in another terminal.
    pub fn line(&self) -> Option<String> {
        match self {
            Self::Listening { address, .. } => {
                Some(format!("tokio-console http://{address} --retain-for none"))
            }
            _ => None,
        }
    }

    /// Said where others than this machine can attach.
    pub fn warning(&self) -> Option<String> {
        match self {
            Self::Listening {
                address,
                private: false,
                ..
            } => Some(format!(
                "{address} is no loopback address: whoever reaches it can watch the tasks, without a password"
            )),
            _ => None,
        }
    }

    /// The whole story in a sentence or two, for the caption's place.
    pub fn sentence(&self) -> String {
        match self {
            Self::Off => "tokio-console is off; C switches it on for the next run".to_owned(),
            Self::Failed(why) => why.clone(),
            Self::Listening { .. } => {
                let line = self.line().unwrap_or_default();
                match self.warning() {
                    None => {
                        format!("for another terminal (y copies it): {line}")
                    }
                    Some(warning) => format!("{line}. {warning}"),
                }
            }
        }
    }
}
